import { layerSeed } from '@interseg/core-layers';
import { initializers, input, layers, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { PartOptions } from '../backbones/backbone.ts';
import { maskAsImage } from '../mask-input/mask-input.ts';
import type { ConnectedPaths } from '../mask-paths/mask-path.ts';
import { setInitialProbability } from './initial-probability.ts';
import { createActivation, logitChannels } from './output-activation.ts';
import { createTiedDecoder } from './tied-decoder.ts';
import type { ResolvedNetworkOptions } from './options.ts';

/** The outputs of the training graph by name, without those of mechanisms that the variant lacks. */
export interface OutputsByName<T> {
  /** y: a probability per class, `[N, H, W, K]`. */
  segmentation: T;
  /** The logits of y, `[N, H, W, K]`; with a softmax `[N, H, W, K + 1]`, the background first, as all logits here. */
  logits: T;
  /** y_0 (bottleneck) … y_4, level by level. */
  features: T[];
  /** With deep supervision, the logits of heads on y_1 … y_3, the levels between the bottleneck and the finest. */
  levelLogits?: T[];
  /** The logits of y', `[N, H, W, K]`. */
  maskLogits?: T;
  /** y'_0 … y'_4, of the features' shapes. */
  targets?: T[];
  /** The logits of x̃, `[N, H, W, C]`. */
  reconstruction?: T;
}

/** What a network makes of images without masks. */
export interface ImageOutputs<T> {
  /** y: a probability per class, `[N, H, W, K]`. */
  segmentation?: T;
  /** The logits of x̃, `[N, H, W, C]`. */
  reconstruction?: T;
}

/** The graphs over one set of weights. */
export interface Graphs {
  train: LayersModel;
  deploy: LayersModel;
  /**
   * The graph from images without masks to what is wanted of them: y, x̃ or both. In training, its only branch is the
   * image's.
   *
   * @throws Error if x̃ is wanted of a variant without a reconstruction
   */
  ofImages(wanted: ImageOutputs<boolean>): LayersModel;
  /** Number of levels of features that are matched with those of the mask; absent without a mask path. */
  levels?: number;
  /** Names the tensors that `train` returns. */
  name<T>(outputs: T[]): OutputsByName<T>;
}

/** Connects backbone, mask path and reconstruction to the graph that is trained and the one that is deployed. */
export function buildGraphs(options: ResolvedNetworkOptions): Graphs {
  const { inputShape, classes, variant, seed } = options;
  const { backbone, mechanism } = variant;
  const [height, width, channels] = inputShape;
  const image = input({ shape: [height, width, channels], name: 'image' });
  const mask = input({ shape: [height, width, classes], name: 'mask' });
  const partOptions = (branches: number): PartOptions => ({ ...options, prefix: '', branches });
  const heads: layers.Layer[] = [];
  const createHead = (prefix: string): layers.Layer => {
    const name = `${prefix}head`;
    const kernelInitializer = initializers.glorotNormal({ seed: layerSeed(seed, name) });
    const filters = logitChannels(options.outputActivation, classes);
    const head = layers.conv2d({ name, filters, kernelSize: 1, kernelInitializer });
    heads.push(head);
    return head;
  };
  const branches = mechanism.maskPath?.branches ?? { encoder: 1, decoder: 1 };
  const encoder = backbone.createEncoder(partOptions(branches.encoder));
  const decoder = backbone.createDecoder(partOptions(branches.decoder));
  const head = createHead('');
  const activation = createActivation(options.outputActivation, 'segmentation');

  const features = decoder.apply(encoder.apply(image));
  const logits = head.apply(features.at(-1)!) as SymbolicTensor;
  const segmentation = activation.apply(logits) as SymbolicTensor;
  const deploy = model({ name: variant.name, inputs: image, outputs: segmentation });

  const paths: Pick<ConnectedPaths, 'logits' | 'features'> & Partial<ConnectedPaths> = mechanism.maskPath?.connect({
    image,
    mask,
    maskAsImage: () => maskAsImage(mask, options.maskInput, channels, seed),
    encoder,
    decoder,
    head,
    backbone,
    partOptions,
    createHead,
  }) ?? { logits, features };
  const tiedDecoder = mechanism.reconstruction ? createTiedDecoder(encoder, partOptions(1)) : undefined;
  const outputs: OutputsByName<SymbolicTensor> = {
    segmentation: activation.apply(paths.logits) as SymbolicTensor,
    ...paths,
    ...(options.deepSupervision && { levelLogits: superviseLevels(paths.features, createHead) }),
    ...(tiedDecoder && { reconstruction: tiedDecoder.apply(paths.features[0]!) }),
  };
  const train = model({
    name: `${variant.name}-training`,
    inputs: mechanism.maskPath ? [image, mask] : [image],
    outputs: Object.values(outputs).flat() as SymbolicTensor[],
  });
  for (const one of heads) setInitialProbability(one, options);
  const ofImages: Graphs['ofImages'] = (wanted) => {
    if (wanted.reconstruction && !tiedDecoder) {
      throw new Error(
        `${variant.name} reconstructs nothing, expected a variant that does, such as tw-${backbone.name}.`,
      );
    }
    // The bottleneck of the deployed graph, which knows no mask.
    const reconstruction = wanted.reconstruction && tiedDecoder?.apply(features[0]!);
    return model({
      name: `${variant.name}-images`,
      inputs: image,
      outputs: [...(wanted.segmentation ? [segmentation] : []), ...(reconstruction ? [reconstruction] : [])],
    });
  };
  return { train, deploy, ofImages, levels: paths.targets?.length, name: namer(outputs) };
}

/**
 * Puts a head on each level between the bottleneck and the finest. The bottleneck has none, as in nnU-Net: it has seen no
 * finer level, and its positions are far larger than small objects.
 */
function superviseLevels(
  features: readonly SymbolicTensor[],
  createHead: (prefix: string) => layers.Layer,
): SymbolicTensor[] {
  return features.slice(1, -1).map((feature, index) => createHead(`y_${index + 1}_`).apply(feature) as SymbolicTensor);
}

/** Gives a flat list the structure of `template`, in the order of its entries. */
function namer(template: OutputsByName<SymbolicTensor>): Graphs['name'] {
  return <T>(outputs: T[]) => {
    let next = 0;
    return Object.fromEntries(
      Object.entries(template).map(([key, value]) => [
        key,
        Array.isArray(value) ? value.map(() => outputs[next++]) : outputs[next++],
      ]),
    ) as unknown as OutputsByName<T>;
  };
}
