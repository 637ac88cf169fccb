import { meanDeviation, type ValidationPoint } from '@interseg/experiments';

/** Validation Dice after each epoch, averaged over the runs of a variant. */
export interface MeanCurve {
  dice: (number | undefined)[];
  /** Standard deviation over the runs; `undefined` where there are fewer than two values. */
  deviation: (number | undefined)[];
  /** Training time until the end of the epoch, in seconds, mean over the runs. */
  seconds: number[];
}

/** Averages curves up to the end of the shortest: beyond it, the mean would jump each time a run ends. */
export function meanCurve(curves: readonly (readonly ValidationPoint[])[]): MeanCurve {
  const epochs = Math.min(...curves.map(({ length }) => length));
  const result: MeanCurve = { dice: [], deviation: [], seconds: [] };
  for (let epoch = 0; epoch < epochs; epoch++) {
    const points = curves.map((curve) => curve[epoch]!);
    const { mean, deviation } = meanDeviation(points.map(({ dice }) => dice));
    result.dice.push(mean ?? undefined);
    result.deviation.push(deviation ?? undefined);
    result.seconds.push(points.reduce((sum, { seconds }) => sum + seconds, 0) / points.length);
  }
  return result;
}
