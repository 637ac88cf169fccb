import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, fileError } from '@interseg/data';

/** Something to segment in a folder, and the name of its output. */
export interface FolderCase {
  id: string;
  /** A NIfTI image with all channels, or the folder of a case. */
  path: string;
}

/** What a folder holds to be segmented: each NIfTI image, and each folder as a case; names that start with a dot are left out. */
export async function casesOfFolder(folder: string): Promise<FolderCase[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw fileError(folder, error, 'a folder of images');
  });
  const cases = entries
    .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || /\.nii(\.gz)?$/i.test(entry.name)))
    .map(({ name }) => ({ id: name.replace(/\.nii(\.gz)?$/i, ''), path: join(folder, name) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  if (cases.length === 0)
    throw new DataError(`${folder}: found no image, expected .nii or .nii.gz files or folders of cases.`);
  const twice = cases.find(({ id }, i) => cases[i + 1]?.id === id);
  if (twice) throw new DataError(`${folder}: found ${twice.id} twice, expected one image of each name.`);
  return cases;
}
