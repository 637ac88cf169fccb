/** Mean and spread of what repeated runs gave. JSON has no NaN, so `null` stands for what does not exist. */
export interface MeanDeviation {
  mean: number | null;
  /** Sample standard deviation (divided by n − 1); `null` with fewer than two values. */
  deviation: number | null;
  /** How many values there are. */
  n: number;
}

/** Mean and sample standard deviation of the values that exist. */
export function meanDeviation(values: readonly (number | null | undefined)[]): MeanDeviation {
  const present = values.filter((value) => value !== null && value !== undefined && Number.isFinite(value)) as number[];
  const n = present.length;
  if (n === 0) return { mean: null, deviation: null, n };
  const mean = present.reduce((a, b) => a + b) / n;
  const squares = present.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: n > 1 ? Math.sqrt(squares / (n - 1)) : null, n };
}
