import { defaultLossWeights } from '@interseg/losses';

/** A learning rate that decays in steps, epoch by epoch. */
export interface LearningRateSchedule {
  /** Of the first epoch, above 0. Defaults to 2e-3; 3e-4 in the paper. */
  learningRate: number;
  /** The factor of each decay, in (0, 1]. Defaults to 0.9, as in the paper. */
  learningRateDecay: number;
  /** Epochs between two decays, at least 1. Defaults to 3, as in the paper. */
  decayEvery: number;
}

/** The schedule of Yuan et al., arXiv 2012.03673: Adam with 3e-4, times 0.9 every three epochs. */
export const paperSchedule: Readonly<LearningRateSchedule> = {
  learningRate: 3e-4,
  learningRateDecay: 0.9,
  decayEvery: 3,
};

/**
 * The default schedule: the paper's from a higher rate, as its own is too low for small data sets
 * (`studies/learning-rate`, `studies/real-widths`).
 */
export const defaultSchedule: Readonly<LearningRateSchedule> = { ...paperSchedule, learningRate: 2e-3 };

/** The learning rate in an epoch, counted from 1. */
export function learningRateAt(
  epoch: number,
  { learningRate, learningRateDecay, decayEvery }: LearningRateSchedule,
): number {
  return learningRate * learningRateDecay ** Math.floor((epoch - 1) / decayEvery);
}

/**
 * λ in an epoch, counted from 1, when it warms up: 0 in the first epoch, then rising by equal steps to the whole λ after
 * `epochs` of them. The paper has no warm-up; it lets the mask path learn features before they are matched (equation 3).
 *
 * @param lambda the whole λ, at least 0. Defaults to that of `@interseg/losses`.
 */
export function warmedLambda(epoch: number, epochs: number, lambda: number = defaultLossWeights.lambda): number {
  return lambda * Math.min(1, (epoch - 1) / epochs);
}
