import { DataError } from '@interseg/errors';
import { readEntry, zipEntries } from '@interseg/files';
import type { ModelFiles } from './load-model-files.ts';
import { largestModelFile, weightsName } from './model-file.ts';

/** The most bytes of weights that are taken out of an archive: 2 GiB. */
const largestWeights = 2 ** 31;

/**
 * Takes the files of a model out of a zip archive for `loadModelFiles`: those beside the `model.json` that is nearest to its
 * top.
 *
 * @throws DataError when it is not a zip archive, or has no model
 */
export async function unzipModelFiles(archive: Blob): Promise<ModelFiles> {
  const name = (archive as Partial<File>).name || 'the archive';
  const entries = await zipEntries(archive, name);
  const depth = (path: string): number => path.split('/').length;
  const [path] = [...entries.keys()]
    .filter((one) => one === 'model.json' || one.endsWith('/model.json'))
    .sort((a, b) => depth(a) - depth(b));
  const folder = path?.slice(0, -'model.json'.length) ?? '';
  const take = async (file: string, atMost: number): Promise<File | undefined> => {
    const entry = entries.get(folder + file);
    if (entry === undefined) return undefined;
    if (entry.size > atMost) {
      throw new DataError(`${name}: found ${folder}${file} of ${entry.size} bytes, expected at most ${atMost}.`);
    }
    return new File([await readEntry(archive, entry, `${name}/${folder}${file}`)], `${name}/${folder}${file}`);
  };
  const model = await take('model.json', largestModelFile);
  const weights = await take(weightsName, largestWeights);
  if (!model || !weights) {
    const found = model ? `${folder}model.json without ${weightsName}` : 'no model.json';
    throw new DataError(`${name}: found ${found}, expected the folder of a model of InterSeg.`);
  }
  return { model, weights, index: await take('index.json', largestModelFile) };
}
