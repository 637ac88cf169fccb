import {
  checkHybridLossWeights,
  consistencyLoss,
  hybridLoss,
  reconstructionLoss,
  segmentationTerm,
  type ConsistencyLossOptions,
  type HybridLoss,
  type HybridLossOptions,
  type LossWeights,
  type SegmentationTermOptions,
} from '@interseg/losses';
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import { buildGraphs, type Graphs, type OutputsByName } from './build-graphs.ts';
import { segmentationLossFor } from './output-activation.ts';
import { resolveNetworkOptions, type NetworkOptions, type ResolvedNetworkOptions } from './options.ts';

/** The inputs of a training step: `image` `[N, H, W, C]` and its ground truth `mask` `[N, H, W, K]`, in [0, 1]. */
export interface TrainingBatch {
  image: Tensor;
  mask: Tensor;
}

/** Images without masks, and what a teacher says of them. */
export interface ImageBatch {
  /** `[N, H, W, C]`. */
  image: Tensor;
  /** The teacher's probabilities for the same pixels, `[N, H, W, K]`; a constant. Without it there is no consistency term. */
  teacher?: Tensor;
  /** Whether to reconstruct the images. Defaults to whether the variant does. */
  reconstruct?: boolean;
}

/** How {@link SegmentationNetwork.imageTerms} is computed. */
export interface ImageTermOptions extends ConsistencyLossOptions {
  /**
   * Whether the images count in the moving statistics of batch normalisation, which deployment uses. Defaults to false: they
   * stay those of the images that segmentation is learned from.
   */
  updateStatistics?: boolean;
}

/** The terms of the loss that images without masks have, before their weights. */
export type ImageTerms = {
  /** L_t, equation 5. */
  reconstruction?: Scalar;
  /** The consistency with the teacher: see `consistencyLoss` of `@interseg/losses`. */
  consistency?: Scalar;
};

/** Options of equation 1 or 2: those of BCE-Dice, or a loss in its place. */
export type MaskLossOptions = Omit<SegmentationTermOptions, 'fromLogits'>;

/**
 * Creates a network of any variant with new weights, on the current engine.
 *
 * @throws OptionError naming the option, what was found and what was expected
 */
export function createNetwork(options: NetworkOptions): SegmentationNetwork {
  return new SegmentationNetwork(resolveNetworkOptions(options));
}

/**
 * A segmentation network as graphs over one set of weights: one to train, one to deploy, and those that images without masks
 * take in training.
 */
export class SegmentationNetwork {
  readonly options: ResolvedNetworkOptions;
  private readonly graphs: Graphs;
  /** The graphs for images without masks, by what they compute; made when they are first needed. */
  private readonly imageGraphs = new Map<string, LayersModel>();

  constructor(options: ResolvedNetworkOptions) {
    this.options = options;
    this.graphs = buildGraphs(options);
  }

  /**
   * The graph to train. Its inputs are `image` and, for variants with a mask path, `mask`; its outputs are all that the
   * loss needs, in an order that {@link forward} translates to names.
   */
  get train(): LayersModel {
    return this.graphs.train;
  }

  /** The graph to deploy: `image` `[N, H, W, C]` in, a probability per class `[N, H, W, K]` out. */
  get deploy(): LayersModel {
    return this.graphs.deploy;
  }

  /** Every trainable weight of both paths, each once. */
  get trainableVariables(): Variable[] {
    return this.train.trainableWeights.map(findVariable);
  }

  /** The trainable weights that belong to the mask path alone; empty where it has none of its own. */
  get maskPathVariables(): Variable[] {
    if (!this.options.variant.mechanism.maskPath?.hasOwnWeights) return [];
    return this.train.trainableWeights.filter(({ originalName }) => originalName.startsWith('mask_')).map(findVariable);
  }

  /** All weights, including moving statistics, by names that are equal in every network of these options. */
  get variables(): ReadonlyMap<string, Variable> {
    return new Map(this.train.weights.map((weight) => [weight.originalName, findVariable(weight)]));
  }

  /** Runs the training graph once. The caller owns the tensors, or the `tidy` around the call. */
  forward({ image, mask }: TrainingBatch, { training = true } = {}): OutputsByName<Tensor> {
    const inputs = this.options.variant.mechanism.maskPath ? [image, mask] : [image];
    const outputs = this.train.apply(inputs, { training }) as Tensor | Tensor[];
    return this.graphs.name(Array.isArray(outputs) ? outputs : [outputs]);
  }

  /**
   * Computes the loss of this variant on a batch: equation 4 of Yuan et al., arXiv 2012.03673, or 6 with a
   * reconstruction, without the terms that the variant lacks, and with deep supervision where the network has it. For
   * equation 5, each channel of each image is scaled to
   * [0, 1] by its own minimum and maximum.
   *
   * @throws OptionError as `hybridLoss` of `@interseg/losses` does
   */
  loss(
    batch: TrainingBatch,
    options: Omit<HybridLossOptions, 'fromLogits' | 'reconstructionFromLogits'> = {},
  ): HybridLoss {
    return tf.tidy(() => {
      const { logits, features, levelLogits, maskLogits, targets, reconstruction } = this.forward(batch);
      const { mask: labels, image } = batch;
      return hybridLoss(
        {
          image: { labels, predictions: logits },
          ...(levelLogits && { deepSupervision: levelLogits }),
          ...(maskLogits && { mask: { labels, predictions: maskLogits } }),
          ...(targets && { intermediate: { features, targets } }),
          ...(reconstruction && { reconstruction: { image: scaleToUnit(image), reconstruction } }),
        },
        { ...this.withLoss(options), fromLogits: true, reconstructionFromLogits: true },
      );
    });
  }

  /**
   * Checks the weights of {@link loss} for this variant before anything is computed.
   *
   * @throws OptionError if a weight is negative, if the weights of all terms that the variant has are 0, or if `omega`
   * has another length than there are levels
   */
  checkLossWeights(weights: Partial<LossWeights>): void {
    const { maskPath, reconstruction } = this.options.variant.mechanism;
    const { levels } = this.graphs;
    checkHybridLossWeights({ mask: maskPath !== undefined, levels, reconstruction }, weights);
  }

  /**
   * Computes equation 2 alone, L_mask = BCE-Dice(y', m) or the `segmentationLoss` in its place, with which a mask path
   * is trained before the network.
   *
   * @throws Error for a variant without a mask path
   */
  maskLoss(batch: TrainingBatch, options: MaskLossOptions = {}): Scalar {
    return tf.tidy(() => {
      const { maskLogits } = this.forward(batch);
      if (!maskLogits) throw new Error(`${this.options.variant.name} has no mask path, expected a variant with one.`);
      const pair = { labels: batch.mask, predictions: maskLogits };
      return segmentationTerm(pair, { ...this.withLoss(options), fromLogits: true });
    });
  }

  /**
   * Computes the terms of the loss that need no mask: equation 5, and the consistency with a teacher. Both come from one
   * pass of the image's path; no mask path has a part in it. Batch normalisation standardises these images by their own
   * statistics, as it does each branch of a joined batch.
   *
   * @throws OptionError as `consistencyLoss` of `@interseg/losses` does
   * @throws Error if there is neither a teacher nor a reconstruction, or one is wanted of a variant without
   */
  imageTerms({ image, teacher, reconstruct }: ImageBatch, options: ImageTermOptions = {}): ImageTerms {
    const { updateStatistics = false, confidence } = options;
    const { reconstruction: hasReconstruction } = this.options.variant.mechanism;
    const wanted = { segmentation: teacher !== undefined, reconstruction: reconstruct ?? hasReconstruction };
    if (!wanted.segmentation && !wanted.reconstruction) {
      throw new Error(`${this.options.variant.name} learns nothing from images alone, expected a teacher for them.`);
    }
    return tf.tidy(() => {
      const how = { training: true, branches: 1, keepStatistics: !updateStatistics };
      const outputs = [this.graphOfImages(wanted).apply(image, how) as Tensor | Tensor[]].flat();
      const [y, x] = wanted.segmentation ? outputs : [undefined, ...outputs];
      return {
        ...(x && { reconstruction: reconstructionLoss(scaleToUnit(image), x, { fromLogits: true }) }),
        ...(y && teacher && { consistency: consistencyLoss(teacher, y, { confidence }) }),
      };
    });
  }

  private graphOfImages(wanted: { segmentation: boolean; reconstruction: boolean }): LayersModel {
    const key = `${wanted.segmentation} ${wanted.reconstruction}`;
    const graph = this.imageGraphs.get(key) ?? this.graphs.ofImages(wanted);
    this.imageGraphs.set(key, graph);
    return graph;
  }

  /**
   * Computes equation 1 from the probabilities that {@link deploy} gave, as {@link loss} does from logits.
   *
   * @param labels m, `[N, H, W, K]`
   * @param probabilities `[N, H, W, K]`
   */
  imageLoss(labels: Tensor, probabilities: Tensor, options: MaskLossOptions = {}): Scalar {
    return tf.tidy(() => segmentationTerm({ labels, predictions: probabilities }, this.withLoss(options)));
  }

  /** The options with the loss that suits the logits. */
  private withLoss<Options extends MaskLossOptions>(options: Options): Options {
    const { outputActivation } = this.options;
    return { ...options, segmentationLoss: segmentationLossFor(outputActivation, options.segmentationLoss) };
  }

  /** Frees the weights of all graphs. */
  dispose(): void {
    // A layer frees its weights when it was disposed as often as it was applied; `deploy` has no layers but those of
    // `train`.
    for (const layer of this.train.layers) {
      while ((layer.dispose().refCountAfterDispose ?? 0) > 0);
    }
  }
}

function findVariable(weight: LayerVariable): Variable {
  return tf.engine().registeredVariables[weight.name]!;
}

function scaleToUnit(image: Tensor): Tensor {
  const low = tf.min(image, [1, 2], true);
  const range = tf.sub(tf.max(image, [1, 2], true), low);
  return tf.div(tf.sub(image, low), tf.maximum(range, 1e-6));
}
