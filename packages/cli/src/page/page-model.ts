import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileError } from '@interseg/files';
import { createModelIndex, findModels } from '@interseg/inference';
import { UsageError } from '../errors/usage-error.ts';
import { isOnnx } from '../models/onnx-format.ts';

/** A model that a page has built in. */
export interface PageModel {
  /** The folder with `model.json` and `weights.bin`. */
  folder: string;
  /** The content of the page's `model/index.json`. */
  index: string;
}

/**
 * Finds the model of a run or of a folder, for the page.
 *
 * @throws UsageError when it is a file of ONNX or a zip archive, or there are several; DataError when there is none
 */
export async function findPageModel(path: string): Promise<PageModel> {
  if (isOnnx(path)) {
    throw new UsageError(`${path}: found a model of ONNX, expected a run or a model folder, which the page opens.`);
  }
  if (/\.zip$/i.test(path)) {
    throw new UsageError(
      `${path}: found a zip archive, expected a run or a model folder; a page opens the archive itself.`,
    );
  }
  const found = await findModels(path);
  if (found.length > 1) {
    throw new UsageError(
      `${path}: found ${found.length} models, expected one, such as that of ${join(path, 'fold_1')}.`,
    );
  }
  const folder = basename(found[0]!) === 'model.json' ? dirname(found[0]!) : found[0]!;
  return { folder, index: await indexOf(folder) };
}

/** The index of a model's files, with the name of its run or folder. */
export async function indexOf(folder: string, name = nameOf(folder)): Promise<string> {
  const read = (file: string): Promise<Buffer> => {
    const path = join(folder, file);
    return readFile(path).catch((error: unknown) => {
      throw fileError(path, error, "a model's file; 'interseg export' writes the model of a run that has not ended");
    });
  };
  const files = { 'model.json': await read('model.json'), 'weights.bin': await read('weights.bin') };
  return `${JSON.stringify(await createModelIndex(files, name), null, 2)}\n`;
}

/** The name of a run for its `model`, that of the folder for any other. */
function nameOf(folder: string): string {
  const path = resolve(folder);
  return basename(path) === 'model' ? basename(dirname(path)) : basename(path);
}
