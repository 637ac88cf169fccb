import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError } from './file-error.ts';

/**
 * Writes a file so that its name only ever stands for a complete file: `write` gets a temporary name in the same folder
 * (a rename across file systems would be a copy), which is renamed when all went well and removed when not.
 *
 * @throws DataError when the folder is missing or cannot be written to
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
