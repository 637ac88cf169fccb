import * as tf from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';
import { deepSupervisionLoss, deepSupervisionWeights } from './deep-supervision-loss.ts';
import { intermediateLoss, type LevelWeighting, type TargetGradient } from './intermediate-loss.ts';
import { checkWeight } from './internal/checks.ts';
import { weightedSum } from './internal/weighted-sum.ts';
import { defaultLossWeights, type LossWeights } from './loss-weights.ts';
import { reconstructionLoss } from './reconstruction-loss.ts';
import { segmentationTerm, type SegmentationPair, type SegmentationTermOptions } from './segmentation-term.ts';

/** The inputs of the hybrid loss. A term that a variant lacks is left out. */
export interface HybridLossInput {
  /** L_image, equation 1: the mask m and the segmentation y of the image. */
  image: SegmentationPair;
  /**
   * Segmentations of the image at lower resolutions, `[N, H/f, W/f, K]` each, read as those of `image`: see
   * `deepSupervisionLoss`.
   */
  deepSupervision?: readonly tf.Tensor[];
  /** L_mask, equation 2: the mask m and the output y' of the mask path. */
  mask?: SegmentationPair;
  /**
   * L_j, equation 3: the features y_j of the image path and y'_j of the mask path, one `[N, H_j, W_j, C_j]` a level.
   */
  intermediate?: { features: readonly tf.Tensor[]; targets: readonly tf.Tensor[] };
  /** L_t, equation 5: the image x scaled to [0, 1] and its reconstruction x̃, both `[N, H, W, C]`. */
  reconstruction?: { image: tf.Tensor; reconstruction: tf.Tensor };
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
  /**
   * α·L_image + γ·L_mask + λ·Σ_j ω_j·L_j + β·L_t: what training differentiates. With deep supervision, the mean of
   * L_image over all resolutions is in the place of L_image.
   */
  total: tf.Scalar;
  /** L_image, at the full resolution. */
  image: tf.Scalar;
  /** The mean of L_image over the lower resolutions, weighed as `deepSupervisionLoss` does. */
  deepSupervision?: tf.Scalar;
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
 * With `deepSupervision`, α weighs the mean of L_image over the full resolution (weight 1) and the lower ones (1/f at
 * one f times as coarse). The sum of the weights is 1, as in nnU-Net, so that the balance with the other terms stays.
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
 * @throws OptionError as `checkHybridLossWeights`, `bceDiceLoss`, `deepSupervisionLoss`, `intermediateLoss` and
 * `reconstructionLoss` do.
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
  const { full } = deepSupervisionWeights(input.image.labels, input.deepSupervision ?? []);
  const weights = {
    image: alpha * full,
    deepSupervision: alpha * (1 - full),
    mask: gamma,
    intermediate: lambda,
    reconstruction: beta,
  };
  return tf.tidy(() => {
    const terms = lossTerms(input, omega, options);
    const names = (Object.keys(weights) as (keyof typeof weights)[]).filter(
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
  const { image, deepSupervision, mask, intermediate, reconstruction } = input;
  const terms: Omit<HybridLoss, 'total'> = { image: segmentationTerm(image, options) };
  if (deepSupervision) {
    terms.deepSupervision = deepSupervisionLoss(image.labels, deepSupervision, options);
  }
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
