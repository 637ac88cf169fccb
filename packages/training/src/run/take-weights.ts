import { DataError } from '@interseg/errors';
import { findModels, loadModel } from '@interseg/inference';
import type { SegmentationNetwork } from '@interseg/models';

/** What of a network came from a model. */
export interface TakenWeights {
  /** The layers whose weights were taken. */
  readonly taken: readonly string[];
  /** The layers of the deployed network that keep their own: the model lacks them, or has them with other shapes. */
  readonly kept: readonly string[];
}

/**
 * Gives a network the weights of a model, layer by layer, by name and shape. What the model cannot know keeps its random
 * weights: layers of other shapes, as the last one for other classes, or the first for other channels; and a mask path, except
 * for what it shares.
 *
 * @param path the folder of a model, or of a run that has one
 * @throws DataError when there is no model, or no layer of it fits
 */
export async function takeWeights(network: SegmentationNetwork, path: string): Promise<TakenWeights> {
  const [folder, ...others] = await findModels(path);
  if (others.length > 0) {
    throw new DataError(`${path}: found ${1 + others.length} models, expected one to take the weights of.`);
  }
  const { model } = await loadModel(folder!);
  try {
    const sources = new Map(model.layers.map((layer) => [layer.name, layer]));
    const taken: string[] = [];
    const kept: string[] = [];
    for (const layer of network.deploy.layers) {
      const own = layer.getWeights();
      if (own.length === 0) continue;
      const given = sources.get(layer.name)?.getWeights() ?? [];
      const fits =
        given.length === own.length && own.every(({ shape }, index) => `${shape}` === `${given[index]!.shape}`);
      if (fits) layer.setWeights(given);
      (fits ? taken : kept).push(layer.name);
    }
    if (taken.length > 0) return { taken, kept };
    throw new DataError(
      `${path}: found no layer with the name and shape of one of this ${network.options.variant.name}, expected the weights of a similar network.`,
    );
  } finally {
    model.dispose();
  }
}
