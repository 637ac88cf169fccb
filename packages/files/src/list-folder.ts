import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from './file-error.ts';

/** The names in a folder, sorted by code units, which does not depend on the machine. */
export interface FolderContent {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/**
 * What is in a folder, links followed. Names that start with a dot are left out: `._` is what macOS leaves behind for every
 * file, `.DS_Store` for every folder.
 *
 * @param expected what the folder should be, for the error
 * @throws DataError when it is missing or not a folder
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
