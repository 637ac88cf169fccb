import type { Normalization, UpSampling } from '@interseg/core-layers';
import { OptionError } from '@interseg/errors';
import type { layers, LayersModel } from '@tensorflow/tfjs-layers';
import { mechanisms } from '../variants/mechanisms.ts';
import { composeVariant, variants } from '../variants/registry.ts';
import { createNetwork, type SegmentationNetwork } from './network.ts';
import type { NetworkOptions } from './options.ts';

type Layers = ReadonlyMap<string, layers.Layer>;

/**
 * Makes a network that can be trained of a model that was deployed, with its weights: the backbone alone, as the model has
 * neither mask path nor reconstruction. The model stays as it is.
 *
 * @param model `[N, H, W, C]` in, a probability per class `[N, H, W, K]` out, as {@link SegmentationNetwork.deploy} is
 * @param variant the name of the variant that it was trained as
 * @throws OptionError when the variant is not known, or the model is not what the variant deploys
 */
export function networkOfModel(model: LayersModel, variant: string): SegmentationNetwork {
  const known = variants().find(({ name }) => name === variant);
  if (!known) {
    throw new OptionError(
      `The variant of the model is '${variant}', which is not known here; expected a U-Net or U-Net++.`,
    );
  }
  const refuse = (found: string, cause?: unknown): OptionError => {
    const [title, expected] = [known.title, 'the layers that it has when it is deployed'];
    return new OptionError(`The model is a ${title} with ${found}, expected ${expected}.`, { cause });
  };
  let network: SegmentationNetwork;
  try {
    network = createNetwork({ ...optionsOf(model), variant: composeVariant(known.backbone, mechanisms[0]!) });
  } catch (error) {
    throw refuse('layers of other shapes', error);
  }
  const different = firstDifference(layersOf(network.deploy), layersOf(model));
  if (different !== undefined) {
    network.dispose();
    throw refuse(`another layer ${different}`);
  }
  const given = layersOf(model);
  for (const layer of network.deploy.layers) layer.setWeights(given.get(layer.name)!.getWeights());
  return network;
}

function layersOf(model: LayersModel): Layers {
  return new Map(model.layers.map((layer) => [layer.name, layer]));
}

/** The options of a network with layers such as those of a model. */
function optionsOf(model: LayersModel): Omit<NetworkOptions, 'variant'> {
  const found = layersOf(model);
  const classNameOf = (name: string): string | undefined => found.get(name)?.getClassName();
  const filters: number[] = [];
  for (let level = 0; ; level++) {
    const convolution = found.get(`x_${level}_0_convolution_1`);
    if (!convolution) break;
    filters.push(Number(convolution.getConfig()['filters']));
  }
  const [, height, width, channels] = model.inputs[0]!.shape as [null, number, number, number];
  const normalization = found.get('x_0_0_normalization_1');
  const up = [...found.values()].find(({ name }) => name.endsWith('_up'))?.getClassName();
  return {
    inputShape: [height, width, channels],
    classes: model.outputs[0]!.shape.at(-1)!,
    filters,
    normalization: normalizationNames[normalization?.getClassName() ?? ''] ?? 'none',
    ...(normalization?.getClassName() === 'GroupNormalization' && {
      groups: Number(normalization.getConfig()['groups']),
    }),
    upSampling: upSamplingNames[up ?? ''] ?? 'transpose',
    outputActivation: classNameOf('segmentation') === 'ClassProbabilities' ? 'softmax' : 'sigmoid',
  };
}

const normalizationNames: Record<string, Normalization> = {
  JointBatchNormalization: 'batch',
  InstanceNormalization: 'instance',
  GroupNormalization: 'group',
};
const upSamplingNames: Record<string, UpSampling> = { Conv2DTranspose: 'transpose', UpSampling2D: 'bilinear' };

/** The name of a layer that only one of two networks has, or that both have but not alike. */
function firstDifference(own: Layers, given: Layers): string | undefined {
  const names = new Set([...own.keys(), ...given.keys()]);
  return [...names].find((name) => describe(own.get(name)) !== describe(given.get(name)));
}

/** What decides what a layer computes, and from which other layers. */
function describe(layer: layers.Layer | undefined): string | undefined {
  if (!layer) return undefined;
  const config: Record<string, unknown> = { ...layer.getConfig() };
  // How weights once began is no matter here, nor how many branches were joined in training.
  for (const key of Object.keys(config)) if (/initializer$/i.test(key)) delete config[key];
  for (const key of ['branches', 'trainable', 'dtype']) delete config[key];
  const inputs = layer.inboundNodes[0]?.inboundLayers.map(({ name }) => name);
  const sorted = Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([layer.getClassName(), sorted, inputs]);
}
