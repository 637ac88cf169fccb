import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@interseg/errors';
import { fileError } from '@interseg/files';

/** An image or case in a folder. */
export interface FolderCase {
  /** Its name, without the file extension; outputs are named after it. */
  id: string;
  /** A NIfTI image with all channels, or a case folder. */
  path: string;
}

/**
 * Lists what can be segmented in a folder: NIfTI images, and subfolders as cases. Hidden entries are left out.
 *
 * @throws DataError when there is nothing to segment, or two entries have the same name
 */
export async function listFolderCases(folder: string): Promise<FolderCase[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw fileError(folder, error, 'a folder of images');
  });
  const cases = entries
    .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || /\.nii(\.gz)?$/i.test(entry.name)))
    .map(({ name }) => ({ id: name.replace(/\.nii(\.gz)?$/i, ''), path: join(folder, name) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  if (cases.length === 0) {
    throw new DataError(`${folder}: found no image, expected .nii or .nii.gz files or case folders.`);
  }
  const twice = cases.find(({ id }, i) => cases[i + 1]?.id === id);
  if (twice) throw new DataError(`${folder}: found ${twice.id} twice, expected one image of each name.`);
  return cases;
}
