import * as tf from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';
import { checkSameShape, checkWeight } from './internal/checks.ts';
import { meanSquaredError } from './internal/mean-squared-error.ts';
import { scaleFreeError } from './internal/scale-free-error.ts';
import { weightedSum } from './internal/weighted-sum.ts';

/** Whether gradients flow into the targets y'_j (`'flow'`) or the targets are constants (`'stop'`). */
export const targetGradients = ['flow', 'stop'] as const;
/** One of {@link targetGradients}. */
export type TargetGradient = (typeof targetGradients)[number];

/**
 * How the levels of equation 3 are weighed before ω_j applies: `'plain'` is the mean squared error as it is,
 * `'scale-free'` divides it by the mean power of both sides.
 */
export const levelWeightings = ['plain', 'scale-free'] as const;
/** One of {@link levelWeightings}. */
export type LevelWeighting = (typeof levelWeightings)[number];

/** Options of {@link intermediateLoss}. */
export interface IntermediateLossOptions {
  /** ω_j, one for each level, at least 0. Defaults to 1 for each. A level with weight 0 is not computed. */
  weights?: readonly number[];
  /** Defaults to `'flow'`. */
  targetGradient?: TargetGradient;
  /** Defaults to `'plain'`. */
  levelWeighting?: LevelWeighting;
}

/**
 * Intermediate supervision, Σ_j ω_j·L_j with L_j = MSE(y_j, y'_j): equation 3 of Yuan et al., arXiv 2012.03673, summed
 * as in equation 4. At least 0.
 *
 * With `levelWeighting: 'scale-free'`, L_j = MSE(y_j, y'_j) / (½·mean(y_j²) + ½·mean(y'_j²) + 1e-6), in [0, 4], and in
 * [0, 2] for features that are nowhere negative; two unrelated, centred features give 2. This makes levels comparable
 * whose features differ in size by orders of magnitude. The divisor is differentiated like the rest (with `'stop'`,
 * only in y_j). A constant divisor would do harm: the gradient of the MSE always has a part that shrinks both sides,
 * and a divisor that shrinks with them would keep that part strong to the end, without any gain in the loss. With the
 * divisor differentiated, the loss does not depend on the common scale, its gradient has no such part, and features do
 * not collapse.
 *
 * With `targetGradient: 'stop'` no gradient flows into the targets, not even zeros: where a mask path serves only as a
 * target, it needs no backward pass. (`tf.grads` in the targets therefore reports that there is no connection.)
 *
 * @param features y_j, one tensor for each level, `[N, H_j, W_j, C_j]` (any shape works).
 * @param targets y'_j, as many, of the same shapes.
 * @returns A scalar.
 * @throws OptionError if there is no level, if the numbers of features, targets and weights differ, if the shapes of a
 * level differ, or if a weight is negative.
 */
export function intermediateLoss(
  features: readonly tf.Tensor[],
  targets: readonly tf.Tensor[],
  { weights, targetGradient = 'flow', levelWeighting = 'plain' }: IntermediateLossOptions = {},
): tf.Scalar {
  checkLevels(features, targets, weights);
  return tf.tidy(() => {
    const levelError = levelWeighting === 'plain' ? meanSquaredError : scaleFreeError;
    const terms: tf.Scalar[] = [];
    const used: number[] = [];
    features.forEach((feature, level) => {
      const weight = weights?.[level] ?? 1;
      if (weight > 0) {
        terms.push(levelError(feature, targets[level]!, targetGradient === 'flow'));
        used.push(weight);
      }
    });
    return terms.length === 0 ? tf.scalar(0) : weightedSum(terms, used);
  });
}

function checkLevels(
  features: readonly tf.Tensor[],
  targets: readonly tf.Tensor[],
  weights: readonly number[] | undefined,
): void {
  if (features.length === 0) {
    throw new OptionError('There are no features, expected at least one level.');
  }
  if (targets.length !== features.length) {
    throw new OptionError(
      `There are ${targets.length} targets, expected ${features.length}: one for each level of features.`,
    );
  }
  if (weights !== undefined && weights.length !== features.length) {
    throw new OptionError(
      `There are ${weights.length} weights, expected ${features.length}: one for each level of features.`,
    );
  }
  features.forEach((feature, level) => {
    checkSameShape(`features of level ${level}`, feature, `targets of level ${level}`, targets[level]!);
    checkWeight(`the weight of level ${level}`, weights?.[level] ?? 1);
  });
}
