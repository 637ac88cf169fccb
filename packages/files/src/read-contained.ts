import { open, realpath, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DataError } from '@interseg/errors';
import { fileError } from './file-error.ts';

/**
 * Reads a regular file that lies directly in a folder: neither its name nor a symbolic link may lead elsewhere. Its size
 * is checked before memory is allocated.
 *
 * @param name the file's name, without folders
 * @param size the size in bytes: exact, or the maximum
 * @param expected what the file should be, for the error
 * @throws DataError if the file is missing, lies elsewhere, is not a regular file or has another size
 */
export async function readContained(
  folder: string,
  name: string,
  size: { exactly: number } | { atMost: number },
  expected: string,
): Promise<Buffer> {
  const path = join(folder, name);
  let file: FileHandle | undefined;
  try {
    if (basename(path) !== name || dirname(await realpath(path)) !== (await realpath(folder))) {
      throw new DataError(`${path}: found a file outside its folder, expected ${expected}.`);
    }
    // Before it is opened: opening a pipe waits for somebody who writes.
    if (!(await stat(path)).isFile()) throw new DataError(`${path}: found no regular file, expected ${expected}.`);
    file = await open(path, 'r');
    const found = await file.stat();
    const isFitting = 'exactly' in size ? found.size === size.exactly : found.size <= size.atMost;
    if (!isFitting) {
      const allowed = 'exactly' in size ? `${size.exactly} bytes: ` : `at most ${size.atMost} bytes: `;
      throw new DataError(`${path}: found ${found.size} bytes, expected ${allowed}${expected}.`);
    }
    return await file.readFile();
  } catch (error) {
    throw fileError(path, error, expected);
  } finally {
    await file?.close();
  }
}
