import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

/** With these a page is cross-origin isolated, so that its threads may share memory. */
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

const wasmFolder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'));

const workerPage = `<!doctype html><meta charset="utf-8">
<script>new Worker('/page.js' + location.search, { type: 'module' });</script>`;

/** A site on this machine with one page, and with the backend's files under `/wasm/`. */
export interface Site {
  readonly url: string;
  /** What the page sends next. */
  result(): Promise<unknown>;
  close(): void;
}

/**
 * Serves a script as a page: isolated at `/isolated`, not so at `/plain`, isolated in a worker at `/worker`.
 *
 * @param files what the page can fetch, by path
 */
export async function serve(script: string, files: Readonly<Record<string, Uint8Array>> = {}): Promise<Site> {
  let tell: (result: unknown) => void = () => {};
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url as string, 'http://localhost');
    const send = (type: string, body: string | Buffer, headers: Record<string, string> = {}): void => {
      response.writeHead(200, { 'Content-Type': type, ...headers }).end(body);
    };
    const page = `<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>`;
    if (pathname === '/isolated') return send('text/html', page, isolation);
    if (pathname === '/plain') return send('text/html', page);
    if (pathname === '/worker') return send('text/html', workerPage, isolation);
    if (pathname === '/page.js') return send('text/javascript', script, isolation);
    const file = files[pathname];
    if (file) return send('application/octet-stream', Buffer.from(file));
    if (/^\/wasm\/[\w-]+\.wasm$/.test(pathname)) {
      return send('application/wasm', readFileSync(join(wasmFolder, 'dist', pathname.slice('/wasm/'.length))));
    }
    if (pathname === '/result') {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        send('text/plain', '');
        tell(JSON.parse(Buffer.concat(chunks).toString()));
      });
      return;
    }
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    result: () => new Promise((resolve) => (tell = resolve)),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
