import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeAtomically } from '@interseg/files';

/**
 * Writes a file by a temporary name and a rename, and waits until both are on the disk: after a power cut the name stands
 * for the old content or the new one, never for a part.
 *
 * @throws DataError when the folder cannot be written to, Error when the disk is full; the old file is left as it was
 */
export async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
  await writeAtomically(path, async (temporary) => {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
  });
  await syncFolder(dirname(path));
}

/** Some systems, Windows among them, cannot open a folder; there is nothing to wait for then. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch {
    return;
  } finally {
    await handle?.close();
  }
}
