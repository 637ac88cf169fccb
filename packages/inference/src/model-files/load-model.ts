import { basename, dirname, join } from 'node:path';
import { readContained } from '@interseg/files';
import { buildModel, type LoadedModel } from './build-model.ts';
import { largestModelFile, weightsName } from './model-file.ts';

/**
 * Loads a model that {@link saveModel} wrote. Nothing outside its folder is read, nothing in it is executed, and no more
 * memory is taken for weights than the file of weights has.
 *
 * @param folder the folder with `model.json`, or that file
 * @throws DataError when a file is missing, is not such a model or does not hold the weights that it lists
 */
export async function loadModel(folder: string): Promise<LoadedModel> {
  const directory = basename(folder) === 'model.json' ? dirname(folder) : folder;
  const name = join(directory, 'model.json');
  const text = await readContained(directory, 'model.json', { atMost: largestModelFile }, 'a model of InterSeg');
  return buildModel({
    name,
    text: text.toString('utf8'),
    readWeights: (bytes) => readContained(directory, weightsName, { exactly: bytes }, `the weights that ${name} lists`),
  });
}
