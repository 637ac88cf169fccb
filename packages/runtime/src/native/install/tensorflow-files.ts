import { join } from 'node:path';
import { DataError } from '@interseg/errors';
import { libraryNames } from './pins.ts';
import type { OnProgress } from './progress.ts';

/** Where TensorFlow's files come from: a wheel, or a package that pip installed. */
export interface TensorflowSource {
  /** How errors name it. */
  readonly name: string;
  /** How to get one that is whole, for errors. */
  readonly remedy: string;
  /** Its `RECORD`, which has the digest of each of its files. */
  readonly record: string;
  /** The sizes of its files in bytes, by their paths, such as `tensorflow/libtensorflow_cc.so.2`. */
  readonly sizes: ReadonlyMap<string, number>;
  /**
   * Copies a file.
   *
   * @param onBytes called with the number of bytes written since the last call
   * @returns the SHA-256 of what was written, in base64url without padding, as in `RECORD`
   */
  copy(file: string, path: string, onBytes: (bytes: number) => void): Promise<string>;
}

/** The headers that the binding includes, about 10 MB, which only the build needs. */
const headers = [
  'tensorflow/c/',
  'tensorflow/core/platform/',
  'tensorflow/core/common_runtime/next_pluggable_device/c/',
  'xla/tsl/',
  'tsl/',
  'absl/',
].map((folder) => `tensorflow/include/${folder}`);

/** The paths of TensorFlow's two libraries in a wheel, and in the folder that it was installed to. */
export function libraryPaths(platform: string): string[] {
  return libraryNames(platform).map((name) => `tensorflow/${name}`);
}

/**
 * Copies the two libraries (to `lib`) and the headers (to `include`) out of a source, and checks each file against the
 * digest that the source records for it.
 *
 * @throws DataError when the source lacks a library, or a file does not have its recorded digest
 */
export async function takeFiles(
  source: TensorflowSource,
  platform: string,
  folder: string,
  onProgress: OnProgress,
): Promise<void> {
  const libraries = libraryPaths(platform);
  const absent = libraries.find((name) => !source.sizes.has(name));
  if (absent !== undefined) throw new DataError(`${source.name} has no ${absent}; take the wheel for ${platform}.`);
  const digests = new Map(readRecord(source.record).map(({ file, digest }) => [file, digest]));
  const wanted = [...source.sizes].filter(
    ([name]) =>
      libraries.includes(name) || (/\.(h|inc)$/.test(name) && headers.some((start) => name.startsWith(start))),
  );
  const totalBytes = wanted.reduce((sum, [, size]) => sum + size, 0);
  let bytes = 0;
  let told = 0;
  for (const [file] of wanted) {
    const inner = file.slice('tensorflow/'.length);
    // A wanted name can leave the folder only by a '..' inside it.
    if (inner.split('/').includes('..')) throw new DataError(`${source.name} has a file with an unsafe name.`);
    const path = join(folder, libraries.includes(file) ? 'lib' : '', inner);
    const digest = await source.copy(file, path, (more) => {
      bytes += more;
      if (bytes - told < 2e7 && bytes < totalBytes) return;
      told = bytes;
      onProgress({ step: 'extract', message: 'TensorFlow’s libraries and headers', bytes, totalBytes });
    });
    if (digest !== digests.get(file)) {
      throw new DataError(`${file} in ${source.name} is not what its RECORD says; ${source.remedy}.`);
    }
  }
}

/** Reads the lines of a `RECORD` that have a digest: `path,sha256=digest,size`. */
export function readRecord(text: string): { file: string; digest: string; size: number }[] {
  return text.split('\n').flatMap((line) => {
    const found = line.match(/^(.+),sha256=([\w-]+),(\d+)\s*$/);
    return found === null ? [] : [{ file: found[1]!, digest: found[2]!, size: Number(found[3]) }];
  });
}
