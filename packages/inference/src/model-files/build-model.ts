import '@interseg/core-layers'; // registers the layers that models are made of
import { inputChannels } from '@interseg/data';
import { DataError } from '@interseg/errors';
import { io, util } from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { checkLayerGraph } from './layer-graph.ts';
import type { ModelDescription } from './model-description.ts';
import { checkedDescription, issueOf, modelFile, reasonOf } from './model-file.ts';
import { withinBudget } from './weight-budget.ts';

/** A model as it was shipped, with what prediction needs to know. */
export interface LoadedModel {
  /** `image` `[N, H, W, C]` in, a probability per class `[N, H, W, K]` out. */
  model: LayersModel;
  description: ModelDescription;
}

/** The two files of a model. */
export interface ModelSource {
  /** What errors call `model.json`: its path or URL. */
  name: string;
  /** The content of `model.json`. */
  text: string;
  /** Reads the file of weights. @param bytes its exact length @throws DataError for another length */
  readWeights: (bytes: number) => Promise<Uint8Array>;
}

/**
 * Builds a model from its files. Nothing in them is executed, and no more memory is taken for weights than the file of weights
 * has.
 *
 * @throws DataError when the files are not such a model, or the weights are not those that it lists
 */
export async function buildModel({ name, text, readWeights }: ModelSource): Promise<LoadedModel> {
  const { content, description } = parse(text, name);
  const weightSpecs = content.weightsManifest[0].weights;
  const values = weightSpecs.reduce((sum, { shape }) => sum + util.sizeFromShape(shape), 0);
  const bytes = await readWeights(4 * values);
  const build = async (): Promise<LayersModel> => {
    checkLayerGraph(content.modelTopology);
    const model = await loadLayersModel(
      io.fromMemory({ modelTopology: content.modelTopology, weightSpecs, weightData: new Uint8Array(bytes).buffer }),
    );
    checkEnds(model, description);
    return model;
  };
  const model = await withinBudget(values, build).catch((error: unknown) => {
    throw buildError(error, name, description);
  });
  return { model, description };
}

function parse(text: string, path: string) {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new DataError(`${path}: broken JSON (${reasonOf(error)}), expected a model of InterSeg.`, { cause: error });
  }
  const { data: content, error } = modelFile.safeParse(json);
  if (!content) {
    throw new DataError(`${path}: found ${issueOf(error, 'the file')}, expected a model that InterSeg trained.`);
  }
  return { content, description: checkedDescription(content.userDefinedMetadata.interseg, path) };
}

/** What goes in and comes out must be what the description says, as volumes are cut by it. */
function checkEnds({ inputs, outputs }: LayersModel, { channels, classes, slices }: ModelDescription): void {
  const [height, width] = slices.size;
  const ends = [inputs, outputs].map((tensors) => tensors.map(({ shape }) => shape));
  const expected = [
    [[null, height, width, inputChannels(slices, channels.length)]],
    [[null, height, width, classes.length]],
  ];
  if (JSON.stringify(ends) !== JSON.stringify(expected)) {
    throw new Error(`inputs and outputs of shape ${JSON.stringify(ends)} where the description has others`);
  }
}

/** A layer that is not known may come with a plugin, which a model may name but not load. */
function buildError(error: unknown, path: string, { plugins = [] }: ModelDescription): DataError {
  const layer = error instanceof Error && /^Unknown layer: ([^. ]+)/.exec(error.message)?.[1];
  if (!layer) {
    return new DataError(`${path}: found a network that cannot be built (${reasonOf(error)}), expected a model.`, {
      cause: error,
    });
  }
  const help = plugins.length > 0 ? `the plugin ${plugins.join(', ')} to be loaded before` : 'layers that are known';
  return new DataError(`${path}: found the unknown layer ${layer}, expected ${help}.`, { cause: error });
}
