/** A learning rate that decays in steps, epoch by epoch. */
export interface LearningRateSchedule {
  /** Of the first epoch, > 0; 3e-4 in the paper, 2e-3 unless told. */
  learningRate: number;
  /** What the rate is multiplied with each time, in (0, 1]; 0.9 in the paper and unless told. */
  learningRateDecay: number;
  /** Epochs between two decays, ≥ 1; 3 in the paper and unless told. */
  decayEvery: number;
}

/** The schedule of Yuan et al., arXiv 2012.03673: Adam with 3e-4, times 0.9 every three epochs. */
export const paperSchedule: Readonly<LearningRateSchedule> = {
  learningRate: 3e-4,
  learningRateDecay: 0.9,
  decayEvery: 3,
};

/**
 * The schedule unless told: the paper's from a higher rate, as its own is too low for small data sets (`studies/learning-rate`,
 * `studies/real-widths`).
 */
export const defaultSchedule: Readonly<LearningRateSchedule> = { ...paperSchedule, learningRate: 2e-3 };

/** The learning rate in an epoch, counted from 1. */
export function learningRateAt(
  epoch: number,
  { learningRate, learningRateDecay, decayEvery }: LearningRateSchedule,
): number {
  return learningRate * learningRateDecay ** Math.floor((epoch - 1) / decayEvery);
}
