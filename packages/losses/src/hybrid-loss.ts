import * as tf from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';
import { bceDiceLoss, type BceDiceLossOptions } from './bce-dice-loss.ts';
import { intermediateLoss, type LevelWeighting, type TargetGradient } from './intermediate-loss.ts';
import { checkWeight } from './internal/checks.ts';
import { weightedSum } from './internal/weighted-sum.ts';
import { defaultLossWeights, type LossWeights } from './loss-weights.ts';
import { reconstructionLoss } from './reconstruction-loss.ts';

/** Labels and predictions, both `[N, H, W, K]`. */
export interface SegmentationPair {
  /** The ground-truth mask m, in [0, 1]. */
  labels: tf.Tensor;
  /** y for the image path, y' for the mask path: probabilities, or logits with `fromLogits`. */
  predictions: tf.Tensor;
}

/** The inputs of the hybrid loss. A term that a variant lacks is left out. */
export interface HybridLossInput {
  /** L_image, equation 1: the mask m and the segmentation y of the image. */
  image: SegmentationPair;
  /** L_mask, equation 2: the mask m and the output y' of the mask path. */
  mask?: SegmentationPair;
  /**
   * L_j, equation 3: the features y_j of the image path and y'_j of the mask path, one `[N, H_j, W_j, C_j]` a level.
   */
  intermediate?: { features: readonly tf.Tensor[]; targets: readonly tf.Tensor[] };
  /** L_t, equation 5: the image x scaled to [0, 1] and its reconstruction x̃, both `[N, H, W, C]`. */
  reconstruction?: { image: tf.Tensor; reconstruction: tf.Tensor };
}

/**
 * A loss in the place of BCE-Dice in equations 1 and 2.
 *
 * @param labels m, `[N, H, W, K]`, in [0, 1]; needs no gradient
 * @param predictions of the same shape: logits with `fromLogits`, otherwise probabilities
 * @returns a scalar, smallest where predictions and labels agree
 */
export type SegmentationLossFunction = (
  labels: tf.Tensor,
  predictions: tf.Tensor,
  options: BceDiceLossOptions,
) => tf.Scalar;

/** How L_image and L_mask are computed: the options of BCE-Dice, or a loss in its place. */
export interface SegmentationTermOptions extends BceDiceLossOptions {
  /** The loss of L_image and L_mask. Defaults to {@link bceDiceLoss}. */
  segmentationLoss?: SegmentationLossFunction;
}

/**
 * L_image or L_mask, equations 1 and 2: BCE-Dice, or the `segmentationLoss` in its place, with the same options. What
 * {@link hybridLoss} trains on and what validation reports are both this function.
 *
 * @returns A scalar.
 * @throws OptionError as `bceDiceLoss` does, or whatever the `segmentationLoss` throws.
 */
export function segmentationTerm(
  { labels, predictions }: SegmentationPair,
  { segmentationLoss = bceDiceLoss, ...options }: SegmentationTermOptions = {},
): tf.Scalar {
  return segmentationLoss(labels, predictions, options);
}

/** Options of {@link hybridLoss}: the weights of the terms and how to compute them. */
export interface HybridLossOptions extends Partial<LossWeights>, SegmentationTermOptions {
  /**
   * Whether the reconstruction is in logits; `fromLogits` applies to the two segmentations only. Defaults to `false`.
   */
  reconstructionFromLogits?: boolean;
  /** Whether gradients flow into the mask path's features. Defaults to `'flow'`. */
  targetGradient?: TargetGradient;
  /** How the levels of the intermediate loss are weighed before ω_j. Defaults to `'plain'`. */
  levelWeighting?: LevelWeighting;
}

/**
 * The hybrid loss and its terms, all scalars. Terms are as in the equations, before α, γ, λ and β; those that were not
 * given are absent. (A type and not an interface, so that TensorFlow.js accepts it as a container: `tf.dispose(loss)`.)
 */
export type HybridLoss = {
  /** α·L_image + γ·L_mask + λ·Σ_j ω_j·L_j + β·L_t: what training differentiates. */
  total: tf.Scalar;
  /** L_image. */
  image: tf.Scalar;
  /** L_mask. */
  mask?: tf.Scalar;
  /** Σ_j ω_j·L_j. */
  intermediate?: tf.Scalar;
  /** L_t. */
  reconstruction?: tf.Scalar;
};

/**
 * The hybrid loss L_h = α·L_image + γ·L_mask + λ·Σ_j ω_j·L_j + β·L_t: equations 4 and 6 of Yuan et al.,
 * arXiv 2012.03673. Without `reconstruction` it is L_h¹ (equation 4); with `image` and `reconstruction` alone it is the
 * loss of the tied-weight variants, α·L_image + β·L_t; with `image` alone it is α·L_image.
 *
 * A term whose weight is 0 is computed, for logging, but is not part of the total, so it costs no backward pass. The
 * caller owns all returned scalars. Inside `tf.variableGrads` only the total outlives the function; keep those that you
 * log:
 *
 * ```ts
 * let terms: HybridLoss;
 * const { value, grads } = tf.variableGrads(() => {
 *   terms = hybridLoss(input, options);
 *   tf.keep(terms.image);
 *   return terms.total;
 * });
 * ```
 *
 * @throws OptionError as `checkHybridLossWeights`, `bceDiceLoss`, `intermediateLoss` and `reconstructionLoss` do.
 */
export function hybridLoss(input: HybridLossInput, options: HybridLossOptions = {}): HybridLoss {
  checkHybridLossWeights(
    {
      mask: input.mask !== undefined,
      levels: input.intermediate?.features.length,
      reconstruction: input.reconstruction !== undefined,
    },
    options,
  );
  const { alpha, gamma, lambda, beta, omega } = { ...defaultLossWeights, ...withoutUndefined(options) };
  const weights = { image: alpha, mask: gamma, intermediate: lambda, reconstruction: beta };
  return tf.tidy(() => {
    const terms = lossTerms(input, omega, options);
    const names = (['image', 'mask', 'intermediate', 'reconstruction'] as const).filter(
      (name) => terms[name] !== undefined && weights[name] > 0,
    );
    const total = weightedSum(
      names.map((name) => terms[name]!),
      names.map((name) => weights[name]),
    );
    return { total, ...terms };
  });
}

/** The terms that a network has for {@link hybridLoss} beside L_image. */
export interface HybridLossTerms {
  /** Whether there is L_mask. */
  mask?: boolean;
  /** The number of levels of the intermediate loss; absent without that loss. */
  levels?: number;
  /** Whether there is L_t. */
  reconstruction?: boolean;
}

/**
 * Checks weights as {@link hybridLoss} does, but before there are tensors: what cannot be trained is refused at once.
 *
 * @throws OptionError if a weight is negative, if the weights of all terms are 0, or if `omega` has another length than
 * there are levels.
 */
export function checkHybridLossWeights(
  { mask = false, levels, reconstruction = false }: HybridLossTerms,
  options: Partial<LossWeights> = {},
): void {
  const { alpha, gamma, lambda, beta, omega } = { ...defaultLossWeights, ...withoutUndefined(options) };
  const weights = { alpha, gamma, lambda, beta };
  for (const [name, weight] of Object.entries(weights)) checkWeight(name, weight);
  const isUsed = { alpha: true, gamma: mask, lambda: levels !== undefined, beta: reconstruction };
  const used = (Object.keys(weights) as (keyof typeof weights)[]).filter((name) => isUsed[name]);
  const isZero = (name: keyof typeof weights): boolean =>
    weights[name] === 0 || (name === 'lambda' && omega?.every((weight) => weight === 0) === true);
  if (used.every(isZero)) {
    throw new OptionError(`The loss has no term of a weight above 0 (${used.join(', ')}), expected at least one.`);
  }
  if (levels && omega && omega.length !== levels) {
    throw new OptionError(`omega has ${omega.length} weights, expected ${levels}: one for each level of features.`);
  }
}

function lossTerms(
  input: HybridLossInput,
  omega: readonly number[] | undefined,
  options: HybridLossOptions,
): Omit<HybridLoss, 'total'> {
  const { image, mask, intermediate, reconstruction } = input;
  const terms: Omit<HybridLoss, 'total'> = { image: segmentationTerm(image, options) };
  if (mask) {
    terms.mask = segmentationTerm(mask, options);
  }
  if (intermediate) {
    const { targetGradient, levelWeighting } = options;
    terms.intermediate = intermediateLoss(intermediate.features, intermediate.targets, {
      weights: omega,
      targetGradient,
      levelWeighting,
    });
  }
  if (reconstruction) {
    terms.reconstruction = reconstructionLoss(reconstruction.image, reconstruction.reconstruction, {
      fromLogits: options.reconstructionFromLogits,
    });
  }
  return terms;
}

/** An option that is `undefined` has its default, like an absent one. */
function withoutUndefined<Options extends object>(options: Options): Partial<Options> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Partial<Options>;
}
