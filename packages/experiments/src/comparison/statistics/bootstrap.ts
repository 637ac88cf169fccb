import { createRandom } from '@interseg/data';

export interface BootstrapOptions {
  /** Part of the resampled means within the interval. Defaults to 0.95. */
  level?: number;
  /** Defaults to 10,000. */
  resamples?: number;
  /** Defaults to 1. */
  seed?: number;
}

/**
 * The percentile bootstrap interval of a mean (Efron, Annals of Statistics 7, 1979): values are drawn with replacement as
 * often as there are values. Too narrow when there are few; none with fewer than two.
 */
export function bootstrapInterval(
  values: readonly number[],
  { level = 0.95, resamples = 10_000, seed = 1 }: BootstrapOptions = {},
): [number, number] | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  const random = createRandom(seed).fork('bootstrap');
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let draw = 0; draw < n; draw++) sum += values[random.integer(n)]!;
    return sum / n;
  }).sort();
  return [quantile(means, (1 - level) / 2), quantile(means, (1 + level) / 2)];
}

/** Between the sorted values next to it, linearly. */
function quantile(sorted: Float64Array, fraction: number): number {
  const at = fraction * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (at - Math.floor(at)) * (high - low);
}
