import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError } from './file-error.ts';

/**
 * Writes a file that appears under its name only when it is complete. `write` gets a temporary path in the same folder (a
 * rename across file systems would be a copy); the temporary file is renamed if `write` succeeds and removed if it fails.
 *
 * @param write writes the whole file to the path that it is given
 * @throws DataError if the folder is missing or cannot be written to, `Error` if the disk is full, or what `write` throws
 */
export async function writeAtomically(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw fileError(path, error, 'a file in a folder that exists and can be written to');
  }
}
