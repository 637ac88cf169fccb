import { access, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from './file-error.ts';

/** Whether there is a file or folder with this path; false for a link to nowhere. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Creates a folder and its parents, if they are missing. @throws DataError if that is not possible */
export async function makeFolder(path: string): Promise<void> {
  try {
    // With `recursive`, Node reports a read-only file system as a missing folder: a second call gives the true reason.
    await mkdir(path, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return mkdir(path);
    });
  } catch (error) {
    throw fileError(path, error, 'a folder that can be made and written to');
  }
}

/** The names in a folder, sorted by code units, which does not depend on the machine. */
export interface FolderContent {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/**
 * Lists a folder. Links count as what they lead to. Names that start with a dot are left out: macOS adds a `._` file for
 * each file and a `.DS_Store` to each folder.
 *
 * @param expected what the folder should be, for the error
 * @throws DataError if it is missing or not a folder
 */
export async function listFolder(path: string, expected: string): Promise<FolderContent> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    throw fileError(path, error, expected);
  });
  const files: string[] = [];
  const folders: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    // A link to nowhere is neither.
    const kind = entry.isSymbolicLink() ? await stat(join(path, entry.name)).catch(() => undefined) : entry;
    if (kind?.isDirectory()) folders.push(entry.name);
    else if (kind?.isFile()) files.push(entry.name);
  }
  return { files: files.sort(), folders: folders.sort() };
}
