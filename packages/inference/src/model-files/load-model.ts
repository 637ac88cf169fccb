import { basename, dirname, join } from 'node:path';
import { readContained } from '@interseg/files';
import { buildModel, type LoadedModel } from './build-model.ts';
import { loadModelFiles } from './load-model-files.ts';
import { largestModelFile, weightsName } from './model-file.ts';
import { unzipModelFiles } from './unzip-model-files.ts';

/**
 * Loads a model that {@link saveModel} wrote. Nothing outside its folder is read, nothing in it is executed, and no more
 * memory is taken for weights than the file of weights has.
 *
 * @param folder the folder with `model.json`, or that file, or a zip archive of such a folder
 * @throws DataError when a file is missing, is not such a model or does not hold the weights that it lists
 */
export async function loadModel(folder: string): Promise<LoadedModel> {
  if (isArchive(folder)) return loadArchive(folder);
  const directory = basename(folder) === 'model.json' ? dirname(folder) : folder;
  const name = join(directory, 'model.json');
  const text = await readContained(directory, 'model.json', { atMost: largestModelFile }, 'a model of InterSeg');
  return buildModel({
    name,
    text: text.toString('utf8'),
    readWeights: (bytes) => readContained(directory, weightsName, { exactly: bytes }, `the weights that ${name} lists`),
  });
}

/** Whether a path is that of a zip archive, by its name. */
export function isArchive(path: string): boolean {
  return /\.zip$/i.test(path);
}

/** Archives of 4 GiB have another format. */
const largestArchive = 2 ** 32 - 1;

async function loadArchive(path: string): Promise<LoadedModel> {
  const content = await readContained(dirname(path), basename(path), { atMost: largestArchive }, 'a zip of a model');
  return loadModelFiles(await unzipModelFiles(new File([new Uint8Array(content)], path)));
}
