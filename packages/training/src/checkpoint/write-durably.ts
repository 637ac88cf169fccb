import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeAtomically } from '@interseg/files';

/**
 * Writes a file under a temporary name, renames it, and waits until both are on the disk: after a power cut the name stands
 * for the whole old content or the whole new content.
 *
 * @throws DataError when the folder cannot be written to, Error when the disk is full; the old file is intact then
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

/** Waits until a rename in the folder is on the disk, on systems that can open a folder (Windows cannot). */
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
