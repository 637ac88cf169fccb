import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError } from './file-error.ts';

/** What systems say of a file system without hard links, such as exFAT and some network shares. */
const withoutLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * Creates a file that appears with its whole content, unless there is one with this name: of several writers, also on
 * several machines that share the folder, the first one wins.
 *
 * @param content in UTF-8
 * @param expected what the folder is to be, for the error
 * @returns whether this call created it; the file that was there is left alone
 * @throws DataError if the folder is missing or cannot be written to, `Error` if the disk is full
 */
export async function createOnce(
  path: string,
  content: string,
  expected = 'a file in a folder that exists and can be written to',
): Promise<boolean> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeFile(temporary, content);
    return await linkOnce(temporary, path);
  } catch (error) {
    throw fileError(path, error, expected);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

async function linkOnce(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    // A server of NFS that has linked it may say that it exists: its answer was lost, and it was asked again.
    if (code === 'EEXIST') return (await stat(temporary)).nlink === 2;
    if (!withoutLinks.includes(code)) throw error;
  }
  try {
    await copyFile(temporary, path, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
