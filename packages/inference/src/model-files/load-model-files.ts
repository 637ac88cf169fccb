import { DataError } from '@interseg/errors';
import { buildModel, type LoadedModel } from './build-model.ts';
import { largestModelFile, weightsName } from './model-file.ts';
import { checkIdentity, parseModelIndex, type ModelIndex } from './model-index.ts';

/** The files of a model's folder, as a page is given them. */
export interface ModelFiles {
  /** `model.json`. */
  model: Blob;
  /** `weights.bin`. */
  weights: Blob;
  /** `index.json`, which says what the other two must be. */
  index?: Blob;
}

/**
 * Loads a model from its files, in a browser or wherever there is no folder: `loadModel` reads one. Nothing in the files is
 * executed, and no more memory is taken for weights than the file of weights has.
 *
 * @throws DataError when a file is not that of such a model, does not hold the weights that it lists, or differs from what the
 * index lists
 */
export async function loadModelFiles({ model, weights, index }: ModelFiles): Promise<LoadedModel> {
  const name = fileName(model, 'model.json');
  checkModelSize(model, name);
  const listed = index && parseModelIndex(await index.text(), fileName(index, 'index.json'));
  const text = await contentOf(model, 'model.json', listed);
  return buildModel({
    name,
    text: new TextDecoder().decode(text),
    readWeights: async (bytes) => {
      if (weights.size !== bytes) {
        const found = `${fileName(weights, weightsName)}: found ${weights.size} bytes`;
        throw new DataError(`${found}, expected ${bytes} bytes: the weights that ${name} lists.`);
      }
      return contentOf(weights, weightsName, listed);
    },
  });
}

function checkModelSize({ size }: Blob, name: string): void {
  if (size <= largestModelFile) return;
  throw new DataError(`${name}: found ${size} bytes, expected at most ${largestModelFile}: a model of InterSeg.`);
}

async function contentOf(blob: Blob, standard: string, listed?: ModelIndex): Promise<Uint8Array<ArrayBuffer>> {
  const content = new Uint8Array(await blob.arrayBuffer());
  if (listed) await checkIdentity(content, listed.files[standard]!, fileName(blob, standard));
  return content;
}

function fileName(blob: Blob, standard: string): string {
  return (blob as Partial<File>).name || standard;
}
