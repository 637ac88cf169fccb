import { mkdir, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { findPage } from './page-files.ts';
import { findPageModel } from './page-model.ts';
import { servePage } from './serve-page.ts';

const root = await temporaryFolder();
const [site, run] = [join(root, 'site'), join(root, 'run')];
await mkdir(join(site, 'assets'), { recursive: true });
await mkdir(join(run, 'model'), { recursive: true });
const policy = "default-src 'none'; script-src 'self'";
const start = `<meta\n http-equiv="Content-Security-Policy"\n content="${policy}"\n />`;
await writeFile(join(site, 'index.html'), start);
await writeFile(join(site, 'assets', 'a.wasm'), 'wasm');
await writeFile(join(run, 'model', 'model.json'), '{}');
await writeFile(join(run, 'model', 'weights.bin'), 'weights');
await writeFile(join(root, 'secret'), 'secret');
await writeFile(join(run, 'secret'), 'secret');

const page = await findPage(site);
const server = await servePage(page, await findPageModel(run), 0);
afterAll(() => server.close());
const { port, hostname } = new URL(server.url);

it('a zip archive is no model for a page to be served with', async () => {
  await expect(findPageModel(join(root, 'model.zip'))).rejects.toThrow(
    'model.zip: found a zip archive, expected a run',
  );
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

const ask = (path: string, { method = 'GET', host = `127.0.0.1:${port}` } = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    httpRequest({ host: hostname, port, path, method, headers: { host } }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    })
      .on('error', reject)
      .end();
  });

it('serves the page and the model, isolated and with the policy of the page', async () => {
  const { status, headers, text } = await ask('/?model=x');
  expect([status, text]).toEqual([200, start]);
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'content-security-policy': `${policy}; frame-ancestors 'none'`,
    'x-content-type-options': 'nosniff',
  });
  expect((await ask('/index.html')).text).toBe(start);
  expect((await ask('/assets/a.wasm')).headers['content-type']).toBe('application/wasm');
  expect((await ask('/model/weights.bin')).text).toBe('weights');
  // By sha256sum.
  const sha256 = '9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c';
  const index = JSON.parse((await ask('/model/index.json')).text) as { name: string; files: Record<string, unknown> };
  expect(index.name).toBe('run');
  expect(index.files['weights.bin']).toEqual({ bytes: 7, sha256 });
  const head = await ask('/model/weights.bin', { method: 'HEAD' });
  expect([head.text, head.headers['content-length']]).toEqual(['', '7']);
});

it.each([
  '/../secret',
  '/..%2fsecret',
  '/%2e%2e/secret',
  '/assets/../../secret',
  '/model/../secret',
  '/model/..%5csecret',
  '/secret',
  '//secret',
  '/assets',
  '/assets/',
  '/model/model.json/',
  '/%',
  '/__proto__',
])('%s leads nowhere', async (path) => {
  const { status, text } = await ask(path);
  expect([status, text]).toEqual([404, 'There is no such file.\n']);
});

const raw = (request: string): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(`${request}\r\n\r\n`));
    socket.on('data', (chunk) => {
      text += chunk.toString();
      socket.end();
    });
    socket.on('close', () => resolve(text));
  });

it('an address in another form leads nowhere, either', async () => {
  const host = `\r\nHost: 127.0.0.1:${port}`;
  expect(await raw(`GET ../secret HTTP/1.1${host}`)).not.toContain('200 OK');
  expect(await raw(`GET http://127.0.0.1:${port}/secret HTTP/1.1${host}`)).not.toContain('200 OK');
  expect(await raw(`GET / HTTP/1.1${host}`)).toContain('200 OK');
});

it.each(['evil.example', `evil.example:${port}`, '127.0.0.1', 'localhost:1', `127.0.0.1.evil.example:${port}`])(
  'answers no one who asks for %j',
  async (host) => {
    const { status, text } = await ask('/model/weights.bin', { host });
    expect([status, text]).toEqual([403, 'This address is not that of the page.\n']);
  },
);

it('answers no one who names no host', async () => {
  expect(await raw('GET /model/weights.bin HTTP/1.0')).toContain('403 Forbidden');
});

it('answers to localhost, and is only read', async () => {
  expect((await ask('/', { host: `localhost:${port}` })).status).toBe(200);
  expect((await ask('/', { method: 'POST' })).status).toBe(405);
  expect((await ask('/', { method: 'DELETE' })).status).toBe(405);
});

it('listens to this computer only, and says so where a port is taken', async () => {
  expect(hostname).toBe('127.0.0.1');
  await expect(servePage(page, undefined, Number(port))).rejects.toThrow(
    `--port: found ${port}, which another program uses, expected a free port.`,
  );
});

it('without a model has none', async () => {
  const empty = await servePage(page, undefined, 0);
  const status = await fetch(`${empty.url}model/model.json`).then((response) => response.status);
  await empty.close();
  expect(status).toBe(404);
});
