import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EnvHttpProxyAgent, ProxyAgent, fetch, type Dispatcher, type Response } from 'undici';
import type { PipSettings } from './pip-settings.ts';
import { tensorflowVersion, type PinnedWheel } from './pins.ts';
import type { OnProgress } from './progress.ts';
import { checkDigest } from './wheel.ts';

/** How to download the wheel without Python. */
export interface IndexDownload {
  readonly settings: PipSettings;
  /** Where the wheel is on the public index; used where pip is not told of another index. */
  readonly url?: string;
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
}

/** Milliseconds that a request may wait for the next bytes. */
const waits = { headersTimeout: 60_000, bodyTimeout: 60_000 };

/**
 * Downloads TensorFlow's wheel from the Python index that pip is set to, or from its address on the public one, and checks
 * its digest while it arrives.
 *
 * @returns the wheel's path inside the folder
 * @throws Error when the index has no such wheel, does not answer, or sends another file
 */
export async function downloadFromIndex(
  pinned: PinnedWheel,
  folder: string,
  { settings, url, onProgress, signal }: IndexDownload,
): Promise<string> {
  const dispatcher = await connect(settings);
  const ask = (from: URL, accept: string): Promise<Response> => request(from, { accept, dispatcher, signal });
  try {
    const from =
      settings.indexUrl === undefined ? url && new URL(url) : await findWheel(settings.indexUrl, pinned, ask);
    if (!from) throw new Error('There is no address of a Python index: set PIP_INDEX_URL.');
    const response = await ask(from, '*/*');
    const totalBytes = Number(response.headers.get('content-length')) || pinned.megabytes * 1e6;
    const path = join(folder, basename(decodeURIComponent(from.pathname)));
    await mkdir(folder, { recursive: true });
    const hash = createHash('sha256');
    let bytes = 0;
    const message = `TensorFlow ${tensorflowVersion} (${pinned.packageName})`;
    const watched = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.length;
        onProgress({ step: 'download', message, bytes, totalBytes });
        // What is much longer than the wheel is not the wheel, and must not fill the disk.
        done(bytes > 2e6 * pinned.megabytes ? new Error(`${basename(path)} does not end`) : null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(response.body!), watched, createWriteStream(path), { signal });
    checkDigest(basename(path), hash.digest('hex'), pinned);
    return path;
  } finally {
    await dispatcher.destroy();
  }
}

/** Finds the pinned wheel in a Python index by its digest (PEP 503 and PEP 691). */
async function findWheel(
  indexUrl: string,
  { packageName, sha256 }: PinnedWheel,
  ask: (from: URL, accept: string) => Promise<Response>,
): Promise<URL> {
  const page = new URL(`${packageName}/`, indexUrl.endsWith('/') ? indexUrl : `${indexUrl}/`);
  const response = await ask(page, 'application/vnd.pypi.simple.v1+json, text/html;q=0.5');
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  const link = isJson
    ? (JSON.parse(text) as { files: { url: string; hashes: { sha256?: string } }[] }).files.find(
        ({ hashes }) => hashes.sha256 === sha256,
      )?.url
    : new RegExp(`href=["']([^"']*)#sha256=${sha256}["']`, 'i').exec(text)?.[1]?.replaceAll('&amp;', '&');
  if (link !== undefined) return withLogin(new URL(link, response.url), page);
  throw new Error(`${withoutLogin(page)} has no wheel of TensorFlow ${tensorflowVersion} with the SHA-256 ${sha256}.`);
}

/** An index with a login has its files behind the same one. */
function withLogin(link: URL, { host, username, password }: URL): URL {
  if (link.host === host && link.username === '') Object.assign(link, { username, password });
  return link;
}

async function request(
  from: URL,
  { accept, dispatcher, signal }: { accept: string; dispatcher: Dispatcher; signal?: AbortSignal },
): Promise<Response> {
  const headers: Record<string, string> = { accept };
  if (from.username) {
    const login = [from.username, from.password].map(decodeURIComponent).join(':');
    headers['authorization'] = `Basic ${Buffer.from(login).toString('base64')}`;
  }
  const address = withoutLogin(from);
  const response = await fetch(address, { headers, dispatcher, signal }).catch((error: Error) => {
    if (signal?.aborted) throw error;
    throw new Error(`${address}: ${error.cause instanceof Error ? error.cause.message : error.message}`, {
      cause: error,
    });
  });
  if (!response.ok) throw new Error(`${address} answers ${response.status} ${response.statusText}`);
  return response;
}

/** A password must not be in an error or a log. */
function withoutLogin(address: URL): string {
  const plain = new URL(address);
  plain.username = plain.password = '';
  return plain.href;
}

async function connect({ proxy, cert }: PipSettings): Promise<Dispatcher> {
  const ca = cert && (await readFile(cert, 'utf8'));
  const tls = ca ? { ca } : {};
  // It hands the certificates for what is behind a proxy on, which its types do not say.
  const options = { ...waits, connect: tls, requestTls: tls };
  return proxy ? new ProxyAgent({ ...options, uri: proxy }) : new EnvHttpProxyAgent(options);
}
