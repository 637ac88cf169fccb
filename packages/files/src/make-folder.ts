import { mkdir } from 'node:fs/promises';
import { fileError } from './file-error.ts';

/** Makes a folder and those above it, where they are missing. @throws DataError when that cannot be done */
export async function makeFolder(path: string): Promise<void> {
  try {
    // Node reports a read-only file system as a missing folder when it makes those above it, too: asked again, it says why.
    await mkdir(path, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return mkdir(path);
    });
  } catch (error) {
    throw fileError(path, error, 'a folder that can be made and written to');
  }
}
