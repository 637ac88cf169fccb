import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DataError } from '@interseg/errors';
import { type PinnedWheel, libraryNames, pythonVersion, tensorflowVersion } from './pins.ts';
import { type OnProgress, watching } from './progress.ts';
import { run } from './run.ts';
import { type ZipEntry, extract, readZip } from './zip.ts';

/** The headers that the binding includes, about 10 MB, which only the build needs. */
const headers = ['tensorflow/c/', 'tensorflow/core/platform/', 'xla/tsl/', 'tsl/', 'absl/'].map(
  (f) => `tensorflow/include/${f}`,
);

/**
 * Downloads TensorFlow's wheel with pip and checks it against the pinned digest.
 *
 * @returns the wheel's path inside the folder
 */
export async function downloadByPip(
  python: string,
  pinned: PinnedWheel,
  folder: string,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<string> {
  const { packageName, platformTag, megabytes } = pinned;
  await mkdir(join(folder, 'tmp'), { recursive: true });
  const message = `TensorFlow ${tensorflowVersion} (${packageName})`;
  const totalBytes = megabytes * 1e6;
  // For a moment, pip has two copies of the download.
  const tell = (bytes: number): void =>
    onProgress({ step: 'download', message, bytes: Math.min(bytes, totalBytes), totalBytes });
  tell(0);
  const choice = ['--only-binary=:all:', '--implementation', 'cp', '--abi', `cp${pythonVersion.replace('.', '')}`];
  const where = ['--python-version', pythonVersion, '--platform', platformTag, '--dest', folder];
  const args = ['download', '--no-deps', '--no-cache-dir', '--quiet', '--disable-pip-version-check'];
  const specification = `${packageName}==${tensorflowVersion}`;
  // Otherwise pip would download into the system's temporary folder, which may be small and cannot be watched.
  const env = { ...process.env, TMPDIR: join(folder, 'tmp') };
  await watching(
    folder,
    tell,
    run(python, ['-m', 'pip', ...args, ...choice, ...where, specification], { env, signal }),
  );
  const name = (await readdir(folder)).find((file) => file.endsWith('.whl'));
  if (name === undefined) throw new Error(`pip left no wheel of ${specification}; check its configuration.`);
  const path = join(folder, name);
  checkDigest(name, await computeSha256(path), pinned);
  return path;
}

/** @throws Error unless a download has the digest of the wheel */
export function checkDigest(name: string, found: string, { sha256 }: PinnedWheel): void {
  if (found === sha256) return;
  throw new Error(`${name} has the SHA-256 ${found} and not ${sha256}: the download is broken or not the original.`);
}

/** @throws DataError unless the path is that of a file with the name of the wheel that is needed */
export async function checkWheel(path: string, pinned: PinnedWheel): Promise<void> {
  const name = basename(path);
  const machine = pinned.platformTag.match(/(x86_64|aarch64|arm64)$/)![0];
  const start = `${pinned.packageName.replace('-', '_')}-${tensorflowVersion}-`;
  if (!name.startsWith(start) || !name.endsWith(`${machine}.whl`)) {
    throw new DataError(
      `${name} is not the wheel that is needed: it must be named ${start}*${machine}.whl; get it by pip download --no-deps ${pinned.packageName}==${tensorflowVersion}.`,
    );
  }
  const status = await stat(path).catch(() => undefined);
  if (!status?.isFile()) throw new DataError(`${path}: no such file, expected TensorFlow's wheel.`);
}

/**
 * Extracts the two libraries (to `lib`) and the headers (to `include`) from a wheel, and checks each file against the
 * digest that the wheel records for it.
 *
 * @throws DataError when the wheel lacks one of them, or a file does not have its recorded digest
 */
export async function unpackWheel(
  wheel: string,
  platform: string,
  folder: string,
  onProgress: OnProgress,
): Promise<void> {
  const entries = await readZip(wheel);
  const libraries = libraryNames(platform).map((name) => `tensorflow/${name}`);
  const absent = libraries.find((name) => !entries.some((entry) => entry.name === name));
  if (absent !== undefined) throw new DataError(`${basename(wheel)} has no ${absent}; take the wheel for ${platform}.`);
  const digests = await recordedDigests(wheel, entries, folder);
  const wanted = entries.filter(
    ({ name }) =>
      libraries.includes(name) || (/\.(h|inc)$/.test(name) && headers.some((start) => name.startsWith(start))),
  );
  const totalBytes = wanted.reduce((sum, { size }) => sum + size, 0);
  let bytes = 0;
  let told = 0;
  for (const entry of wanted) {
    const inner = entry.name.slice('tensorflow/'.length);
    // A wanted name can leave the folder only by a '..' inside it.
    if (inner.split('/').includes('..')) throw new DataError(`${basename(wheel)} has a file with an unsafe name.`);
    const path = join(folder, libraries.includes(entry.name) ? 'lib' : '', inner);
    const digest = await extract(wheel, entry, path, (more) => {
      bytes += more;
      if (bytes - told < 2e7 && bytes < totalBytes) return;
      told = bytes;
      onProgress({ step: 'extract', message: 'TensorFlow’s libraries and headers', bytes, totalBytes });
    });
    if (digest !== digests.get(entry.name)) {
      throw new DataError(`${entry.name} in ${basename(wheel)} is not what the wheel records; download it again.`);
    }
  }
}

/** Reads the digests that the wheel records for its files: `path,sha256=digest,size`. */
async function recordedDigests(wheel: string, entries: ZipEntry[], folder: string): Promise<Map<string, string>> {
  const entry = entries.find(({ name }) => /^[^/]+\.dist-info\/RECORD$/.test(name));
  if (entry === undefined) throw new DataError(`${basename(wheel)} has no RECORD; it is no wheel.`);
  const path = join(folder, 'RECORD');
  await extract(wheel, entry, path, () => {});
  const lines = (await readFile(path, 'utf8')).split('\n');
  return new Map(
    lines.flatMap((line) => [...line.matchAll(/^(.+),sha256=([\w-]+),\d+\s*$/g)].map((m) => [m[1]!, m[2]!])),
  );
}

/** Computes the SHA-256 of a file, in hexadecimal. */
export async function computeSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
