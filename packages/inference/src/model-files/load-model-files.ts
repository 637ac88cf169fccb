import { DataError } from '@interseg/errors';
import { buildModel, type LoadedModel } from './build-model.ts';
import { largestModelFile, weightsName } from './model-file.ts';

/** The two files of a model's folder, as a page is given them. */
export interface ModelFiles {
  /** `model.json`. */
  model: Blob;
  /** `weights.bin`. */
  weights: Blob;
}

/**
 * Loads a model from its two files, in a browser or wherever there is no folder: `loadModel` reads one. Nothing in the files is
 * executed, and no more memory is taken for weights than the file of weights has.
 *
 * @throws DataError when a file is not that of such a model, or does not hold the weights that it lists
 */
export async function loadModelFiles({ model, weights }: ModelFiles): Promise<LoadedModel> {
  const name = fileName(model, 'model.json');
  if (model.size > largestModelFile) {
    throw new DataError(
      `${name}: found ${model.size} bytes, expected at most ${largestModelFile}: a model of InterSeg.`,
    );
  }
  return buildModel({
    name,
    text: await model.text(),
    readWeights: async (bytes) => {
      if (weights.size !== bytes) {
        const found = `${fileName(weights, weightsName)}: found ${weights.size} bytes`;
        throw new DataError(`${found}, expected ${bytes} bytes: the weights that ${name} lists.`);
      }
      return new Uint8Array(await weights.arrayBuffer());
    },
  });
}

function fileName(blob: Blob, standard: string): string {
  return (blob as Partial<File>).name || standard;
}
