import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DataError } from '@interseg/errors';
import { type PinnedWheel, pythonVersion, tensorflowVersion } from './pins.ts';
import { type OnProgress, watching } from './progress.ts';
import { run } from './run.ts';
import { type TensorflowSource, takeFiles } from './tensorflow-files.ts';
import { type ZipEntry, extract, readZip } from './zip.ts';

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
  const entries = new Map((await readZip(wheel)).map((entry) => [entry.name, entry]));
  const source: TensorflowSource = {
    name: basename(wheel),
    remedy: 'download it again',
    record: await extractRecord(wheel, entries.values(), folder),
    sizes: new Map([...entries].map(([name, { size }]) => [name, size])),
    copy: (file, path, onBytes) => extract(wheel, entries.get(file)!, path, onBytes),
  };
  await takeFiles(source, platform, folder, onProgress);
}

async function extractRecord(wheel: string, entries: Iterable<ZipEntry>, folder: string): Promise<string> {
  const entry = [...entries].find(({ name }) => /^[^/]+\.dist-info\/RECORD$/.test(name));
  if (entry === undefined) throw new DataError(`${basename(wheel)} has no RECORD; it is no wheel.`);
  const path = join(folder, 'RECORD');
  await extract(wheel, entry, path, () => {});
  return readFile(path, 'utf8');
}

/** Computes the SHA-256 of a file, in hexadecimal. */
export async function computeSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
