/**
 * A percentile of sorted values, interpolated linearly between the two nearest ranks (NumPy's default definition).
 *
 * @param sorted at least one value, ascending
 * @param percent from 0 to 100
 */
export function percentileOfSorted(sorted: ArrayLike<number>, percent: number): number {
  const position = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (position - below);
}

/** Mean and (population) standard deviation, summed in double precision around the mean. At least one value. */
export function meanAndDeviation(values: ArrayLike<number>): { mean: number; deviation: number } {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  const mean = sum / values.length;
  let squares = 0;
  for (let index = 0; index < values.length; index++) squares += (values[index]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
