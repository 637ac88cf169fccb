import { meanDeviation, type ValidationPoint } from '@interseg/training';

/** Validation Dice after each epoch, over the runs of a variant. */
export interface MeanCurve {
  dice: (number | undefined)[];
  /** Standard deviation over the runs; `undefined` where there are fewer than two values. */
  deviation: (number | undefined)[];
  /** Training time up to the end of the epoch, mean over the runs. */
  seconds: number[];
}

/**
 * The mean of curves, up to the epoch at which the first of them ends: a mean over fewer and fewer runs would jump where
 * nothing happens.
 */
export function meanCurve(curves: readonly (readonly ValidationPoint[])[]): MeanCurve {
  const epochs = Math.min(...curves.map(({ length }) => length));
  const result: MeanCurve = { dice: [], deviation: [], seconds: [] };
  for (let epoch = 0; epoch < epochs; epoch++) {
    const points = curves.map((curve) => curve[epoch] as ValidationPoint);
    const { mean, deviation } = meanDeviation(points.map(({ dice }) => dice));
    result.dice.push(mean ?? undefined);
    result.deviation.push(deviation ?? undefined);
    result.seconds.push(points.reduce((sum, { seconds }) => sum + seconds, 0) / points.length);
  }
  return result;
}
