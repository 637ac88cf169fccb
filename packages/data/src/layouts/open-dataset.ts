import { resolve } from 'node:path';
import { DataError } from '@interseg/errors';
import { listFolder } from '@interseg/files';
import { checkDataset } from './check-dataset.ts';
import type { DataSet } from '../dataset.ts';
import { layouts, layoutsByPrecedence } from './registry.ts';

/**
 * Opens the folder of a data set in whichever registered layout it has: that of the Medical Segmentation Decathlon
 * ({@link openMsd}), of BraTS 2019 ({@link openBrats}), a plain one of images and labels ({@link openFolder}), or one
 * that was registered with {@link defineLayout}, which takes precedence.
 *
 * A `dataset.json` with a list `training` makes it the Decathlon's; without one it describes the folders beside it.
 *
 * @throws DataError if the folder is missing, matches no layout, or is not as its layout requires; OptionError if the
 * layout itself is at fault
 */
export async function openDataset(folder: string): Promise<DataSet> {
  const path = resolve(folder);
  const descriptions = layouts().map(({ description }) => description);
  const expected = `${descriptions.slice(0, -1).join(', ')}, or ${descriptions.at(-1)}`;
  const content = await listFolder(path, `the folder of a data set: ${expected}`);
  const candidate = { ...content, path };
  for (const layout of layoutsByPrecedence()) {
    if (await layout.detect(candidate)) return checkDataset(layout.name, await layout.open(candidate));
  }
  throw new DataError(`${path}: found no layout of a data set, expected ${expected}.`);
}
