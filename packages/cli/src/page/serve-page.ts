import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { UsageError } from '../errors/usage-error.ts';
import { contentType, isolationHeaders } from './page-headers.ts';
import type { PageFiles } from './page-files.ts';
import type { PageModel } from './page-model.ts';

/** A page that is being served. */
export interface PageServer {
  url: string;
  close(): Promise<void>;
}

/** The loopback: no other computer reaches it. */
const host = '127.0.0.1';

/**
 * Serves the page and a model to this computer. An address is looked up in the list of files, so that none leads elsewhere; and
 * the name that a browser asks for must be that of this computer, so that no other site can pass itself off as the page.
 *
 * @param port 0 for any that is free
 * @throws UsageError when the port is taken or not allowed
 */
export async function servePage(page: PageFiles, model: PageModel | undefined, port: number): Promise<PageServer> {
  const files = new Map<string, { path: string } | { text: string }>(
    page.names.map((name) => [`/${name}`, { path: join(page.folder, name) }]),
  );
  files.set('/', { path: join(page.folder, 'index.html') });
  if (model) {
    for (const name of ['model.json', 'weights.bin']) files.set(`/model/${name}`, { path: join(model.folder, name) });
    files.set('/model/index.json', { text: model.index });
  }
  const policy = `${page.policy}; frame-ancestors 'none'`;
  const names = new Set<string>();
  const server = createServer((request, response) => {
    answer(request, response).catch(() => end(response, 500, 'The file cannot be read.'));
  });

  async function answer({ method, url = '', headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (!names.has(headers.host ?? '')) return end(response, 403, 'This address is not that of the page.');
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return end(response, 405, 'The page is only read.');
    }
    const [path = ''] = url.split(/[?#]/);
    const file = files.get(path);
    if (!file) return end(response, 404, 'There is no such file.');
    const size = 'text' in file ? Buffer.byteLength(file.text) : (await stat(file.path)).size;
    response.writeHead(200, {
      ...isolationHeaders,
      'Content-Type': contentType(path === '/' ? 'index.html' : path),
      'Content-Length': size,
      'Content-Security-Policy': policy,
      'Referrer-Policy': 'no-referrer',
      // The model of another run may be served under the same address next time.
      'Cache-Control': 'no-cache',
    });
    if (method === 'HEAD') response.end();
    else if ('text' in file) response.end(file.text);
    else pipeline(createReadStream(file.path), response, () => undefined);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, port)));
    server.listen(port, host, resolve);
  });
  const { port: used } = server.address() as AddressInfo;
  for (const name of [host, 'localhost']) names.add(`${name}:${used}`);
  return {
    url: `http://${host}:${used}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function end(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}

function portError(error: NodeJS.ErrnoException, port: number): Error {
  const reason = { EADDRINUSE: 'which another program uses', EACCES: 'which only an administrator may use' };
  const found = reason[error.code as keyof typeof reason];
  if (found === undefined) return error;
  return new UsageError(`--port: found ${port}, ${found}, expected a free port.`, { cause: error });
}
