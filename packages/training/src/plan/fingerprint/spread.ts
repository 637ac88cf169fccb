import { percentileOfSorted } from '@interseg/data';

/** Some values in four numbers. */
export interface Spread {
  readonly smallest: number;
  /** A tenth of the values are below it. */
  readonly tenth: number;
  readonly median: number;
  readonly largest: number;
}

/** The spread of some values; `undefined` if there are none. Percentiles lie between the two nearest values. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  return {
    smallest: sorted[0]!,
    tenth: percentileOfSorted(sorted, 10),
    median: percentileOfSorted(sorted, 50),
    largest: sorted.at(-1)!,
  };
}
