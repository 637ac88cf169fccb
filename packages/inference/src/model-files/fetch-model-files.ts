import { DataError } from '@interseg/errors';
import type { ModelFiles } from './load-model-files.ts';
import { weightsName } from './model-file.ts';

/** Options of {@link fetchModelFiles}. */
export interface FetchModelOptions {
  /** Ends the download; the call then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Fetches the files of a model for `loadModelFiles`. `index.json` is optional there.
 *
 * @param url of the folder with `model.json`, or of that file
 * @throws DataError when `model.json` or `weights.bin` cannot be had
 */
export async function fetchModelFiles(url: string, { signal }: FetchModelOptions = {}): Promise<ModelFiles> {
  const folder = url.replace(/model\.json$/, '').replace(/([^/])$/, '$1/');
  const get = async (name: string, optional: boolean): Promise<File | undefined> => {
    const address = folder + name;
    const response = await fetch(address, { signal }).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw new DataError(`${address}: found nothing that can be fetched, expected a file of a model.`, {
        cause: error,
      });
    });
    // Hosts of single-page applications answer with their page what they do not have.
    const isPage = response.headers.get('Content-Type')?.startsWith('text/html') ?? false;
    if (response.ok && !isPage) return new File([await response.blob()], address);
    if (optional) return undefined;
    const found = response.ok ? 'a web page' : `the answer ${response.status}`;
    throw new DataError(`${address}: found ${found}, expected a file of a model.`);
  };
  // The smallest first: where there is none, nothing large is fetched.
  const model = await get('model.json', false);
  const [index, weights] = await Promise.all([get('index.json', true), get(weightsName, false)]);
  return { model: model!, weights: weights!, index };
}
