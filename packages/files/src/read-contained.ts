import { open, realpath, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DataError } from '@interseg/errors';
import { fileError } from './file-error.ts';

/**
 * Reads a file that must lie in a folder itself: not elsewhere by its name, nor by a symbolic link; nor may it be something
 * that never ends, such as a device. Its size is looked at before any memory is taken for it.
 *
 * @param size in bytes: what it must be, or what it may be at most
 * @param expected what it should be, for the error
 * @throws DataError when it is missing, lies elsewhere or has another size
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
    file = await open(path, 'r');
    const found = await file.stat();
    if (!found.isFile()) throw new DataError(`${path}: found no regular file, expected ${expected}.`);
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
