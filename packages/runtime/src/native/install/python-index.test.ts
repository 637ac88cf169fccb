import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { downloadFromIndex } from './python-index.ts';
import type { PinnedWheel } from './pins.ts';

const folder = mkdtempSync(join(tmpdir(), 'index-'));
afterAll(() => rmSync(folder, { recursive: true }));
const wheel = Buffer.from('a wheel of TensorFlow '.repeat(5000));
const sha256 = createHash('sha256').update(wheel).digest('hex');
const name = 'tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl';
const pinned: PinnedWheel = {
  packageName: 'tensorflow-cpu',
  platformTag: 'manylinux_2_27_x86_64',
  sha256,
  megabytes: 1,
};

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A Python index that holds another wheel and this one. */
function serveIndex(
  kind: 'json' | 'html',
  { body = wheel, login }: { body?: Buffer; login?: string } = {},
): Promise<string> {
  const isAllowed = ({ headers }: IncomingMessage): boolean =>
    login === undefined || headers.authorization === `Basic ${Buffer.from(login).toString('base64')}`;
  const server = createServer((request, response) => {
    if (!isAllowed(request)) return response.writeHead(401).end();
    if (request.url === `/files/${name}`) return response.end(body);
    if (request.url !== '/simple/tensorflow-cpu/') return response.writeHead(404).end();
    const other = `../../files/other.whl`;
    if (kind === 'html') {
      const link = (url: string, digest: string): string => `<a href="${url}#sha256=${digest}">wheel</a><br/>`;
      response.setHeader('content-type', 'text/html');
      return response.end(link(other, '0'.repeat(64)) + link(`../../files/${name}`, sha256));
    }
    response.setHeader('content-type', 'application/vnd.pypi.simple.v1+json');
    const files = [
      { url: other, hashes: {} },
      { url: `../../files/${name}`, hashes: { sha256 } },
    ];
    return response.end(JSON.stringify({ files }));
  });
  return listen(server);
}

const download = (settings: { indexUrl?: string; proxy?: string }, url?: string): Promise<string> =>
  downloadFromIndex(pinned, mkdtempSync(join(folder, 'to-')), { settings, url, onProgress: () => {} });

test.each(['json', 'html'] as const)('finds the wheel by its digest in an index that answers with %s', async (kind) => {
  const host = await serveIndex(kind);
  for (const indexUrl of [`http://${host}/simple`, `http://${host}/simple/`]) {
    const path = await download({ indexUrl });
    expect(path).toMatch(new RegExp(`${name}$`));
    expect(readFileSync(path).equals(wheel)).toBe(true);
  }
});

test('takes the address of the wheel where pip knows of no index', async () => {
  const host = await serveIndex('json');
  expect(readFileSync(await download({}, `http://${host}/files/${name}`)).equals(wheel)).toBe(true);
  await expect(download({})).rejects.toThrow('set PIP_INDEX_URL');
});

test('sends the login of the index, for the file too, and keeps it out of errors', async () => {
  const host = await serveIndex('json', { login: 'me:s@cret' });
  await download({ indexUrl: `http://me:s%40cret@${host}/simple` });
  const refused = download({ indexUrl: `http://me:wr0ng@${host}/simple` });
  await expect(refused).rejects.toThrow(`http://${host}/simple/tensorflow-cpu/ answers 401 Unauthorized`);
  await expect(refused).rejects.not.toThrow('wr0ng');
});

test('goes through the proxy that pip is set to', async () => {
  const host = await serveIndex('json');
  const asked: string[] = [];
  const proxy = createServer().on('connect', ({ url }: IncomingMessage, client) => {
    asked.push(url!);
    const [name, port] = url!.split(':');
    const target = connect(Number(port), name, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.pipe(client);
      client.pipe(target);
    });
    for (const socket of [client, target]) socket.on('error', () => socket.destroy());
  });
  const address = await listen(proxy);
  await download({ indexUrl: `http://${host}/simple`, proxy: `http://${address}` });
  expect(new Set(asked)).toEqual(new Set([host]));
});

test('refuses another file, an index without the wheel, and one that is not there', async () => {
  const other = await serveIndex('json', { body: Buffer.from('something else') });
  await expect(download({ indexUrl: `http://${other}/simple` })).rejects.toThrow(
    /manylinux_2_27_x86_64\.whl has the SHA-256 \w+ and not \w+: the download is broken or not the original/,
  );
  const endless = await serveIndex('json', { body: Buffer.alloc(3e6) });
  await expect(download({ indexUrl: `http://${endless}/simple` })).rejects.toThrow('does not end');
  await expect(download({ indexUrl: `http://${other}/nowhere` })).rejects.toThrow('answers 404 Not Found');
  await expect(download({ indexUrl: 'http://127.0.0.1:9/simple' })).rejects.toThrow(/127\.0\.0\.1:9.*(ECONN|bad port)/);
});
