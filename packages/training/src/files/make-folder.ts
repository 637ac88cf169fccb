import { mkdir } from 'node:fs/promises';
import { fileError } from '@interseg/data';

/** Makes a folder and those above it, where they are missing. @throws DataError when that cannot be done */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: unknown) => {
    throw fileError(path, error, 'a folder that can be made and written to');
  });
}
