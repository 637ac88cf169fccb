import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, readJsonObject } from '@interseg/data';
import '@interseg/models'; // registers the layers that models are made of
import { io, util } from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import type { ModelDescription } from './model-description.ts';

export interface LoadedModel {
  /** `image` `[N, H, W, C]` in, a probability per class `[N, H, W, K]` out. */
  model: LayersModel;
  description: ModelDescription;
}

/**
 * Loads a model that {@link saveModel} wrote. Nothing outside its folder is read.
 *
 * @param folder the folder with `model.json`, or that file
 * @throws DataError when a file is missing, is not such a model or does not hold the weights that it lists
 */
export async function loadModel(folder: string): Promise<LoadedModel> {
  const directory = folder.endsWith('model.json') ? join(folder, '..') : folder;
  const path = join(directory, 'model.json');
  const json = await readJsonObject(path, 'a model of InterSeg');
  const description = (json['userDefinedMetadata'] as { interseg?: ModelDescription } | undefined)?.interseg;
  const manifest = json['weightsManifest'] as io.WeightsManifestConfig | undefined;
  if (!description || !Array.isArray(manifest)) {
    throw new DataError(`${path}: found no description of the segmentation, expected a model that InterSeg trained.`);
  }
  const weightSpecs = manifest.flatMap((group) => group.weights);
  const weights = join(directory, 'weights.bin');
  const expected = weightSpecs.reduce((sum, { shape }) => sum + 4 * util.sizeFromShape(shape), 0);
  const found = await stat(weights).then(
    ({ size }) => size,
    () => undefined,
  );
  if (found !== expected) {
    throw new DataError(
      `${weights}: found ${found === undefined ? 'no file' : `${found} bytes`}, expected the ${expected} bytes that ${path} lists.`,
    );
  }
  const bytes = await readFile(weights);
  const model = await loadLayersModel(
    io.fromMemory({
      modelTopology: json['modelTopology'] as object,
      weightSpecs,
      weightData: new Uint8Array(bytes).buffer,
    }),
  ).catch((error: unknown) => {
    throw withPlugins(error, path, description);
  });
  return { model, description };
}

/** A layer that is not known may come with a plugin, which a model may name but not load. */
function withPlugins(error: unknown, path: string, { plugins = [] }: ModelDescription): unknown {
  const layer = error instanceof Error && /^Unknown layer: ([^. ]+)/.exec(error.message)?.[1];
  if (!layer) return error;
  const help = plugins.length > 0 ? `the plugin ${plugins.join(', ')} to be loaded before` : 'layers that are known';
  return new DataError(`${path}: found the unknown layer ${layer}, expected ${help}.`, { cause: error });
}
