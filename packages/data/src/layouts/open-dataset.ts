import { join, resolve } from 'node:path';
import { DataError } from '@interseg/errors';
import { listFolder, readJsonObject } from '@interseg/files';
import { isBratsFile, openBrats } from './brats.ts';
import type { DataSet } from './dataset.ts';
import { imageAndLabelFolders, openFolder } from './folder.ts';
import { openMsd } from './msd.ts';

const LAYOUTS =
  'dataset.json (Medical Segmentation Decathlon), HGG and LGG or folders of cases with _t1, _t1ce, _t2 and _flair ' +
  '(BraTS 2019), or the folders images and labels';

/**
 * Opens the folder of a data set in whichever layout it has: that of the Medical Segmentation Decathlon
 * ({@link openMsd}), of BraTS 2019 ({@link openBrats}), or a plain one of images and labels ({@link openFolder}).
 *
 * A `dataset.json` with a list `training` makes it the Decathlon's; without one it describes the folders beside it.
 *
 * @throws DataError when the folder is missing, has none of these layouts, or is not as its layout asks
 */
export async function openDataset(folder: string): Promise<DataSet> {
  const root = resolve(folder);
  const { files, folders } = await listFolder(root, `the folder of a data set: ${LAYOUTS}`);
  const hasPair = imageAndLabelFolders(folders) !== undefined;
  if (files.includes('dataset.json')) {
    const description = await readJsonObject(join(root, 'dataset.json'), 'the description of a data set');
    return hasPair && description['training'] === undefined ? openFolder(root) : openMsd(root);
  }
  if (folders.includes('HGG') || folders.includes('LGG')) return openBrats(root);
  if (hasPair) return openFolder(root);
  for (const name of folders) {
    const inside = await listFolder(join(root, name), 'the folder of a case');
    if (inside.files.some(isBratsFile)) return openBrats(root);
  }
  throw new DataError(`${root}: found no layout of a data set, expected ${LAYOUTS}.`);
}
