import { meanDeviation, type MeanDeviation } from './statistics/mean-deviation.ts';

/** The validation of one epoch. */
export interface ValidationPoint {
  epoch: number;
  /** Training time up to the end of the epoch, validation included. */
  seconds: number;
  /** `null` where no class counted. */
  dice: number | null;
}

/** When runs of a variant first came to a validation Dice. */
export interface Convergence {
  /** The Dice to reach; the mean of them where each run has its own. `null` where there is nothing to reach. */
  target: number | null;
  /** How many runs reached it; the means are over those. */
  reached: number;
  epochs: MeanDeviation;
  seconds: MeanDeviation;
}

/** Part of the best validation Dice that counts as having converged. */
export const convergedPart = 0.95;

/** The highest validation Dice of a curve; `null` without any. */
export function bestDice(curve: readonly ValidationPoint[]): number | null {
  const values = curve.flatMap(({ dice }) => (dice === null ? [] : [dice]));
  return values.length > 0 ? Math.max(...values) : null;
}

/** The first epoch at which each curve is at its target; targets that are not above 0 are nothing to reach. */
export function convergence(
  curves: readonly (readonly ValidationPoint[])[],
  targets: readonly (number | null)[],
): Convergence {
  const first = curves.map((curve, index) => {
    const target = targets[index] ?? null;
    return target !== null && target > 0 ? curve.find(({ dice }) => dice !== null && dice >= target) : undefined;
  });
  const reached = first.filter((point) => point !== undefined);
  return {
    target: meanDeviation(targets.filter((target) => target !== null && target > 0)).mean,
    reached: reached.length,
    epochs: meanDeviation(reached.map(({ epoch }) => epoch)),
    seconds: meanDeviation(reached.map(({ seconds }) => seconds)),
  };
}
