import { meanAndDeviation } from '../statistics.ts';

/** The ends of a range of intensities. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** The smallest and the largest value. */
export function extremes(values: Float32Array): Range {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/** Multiplies the differences from the mean, in place; what would leave the range of the values is cut off. */
export function changeContrast(values: Float32Array, factor: number): void {
  const { low, high } = extremes(values);
  const { mean } = meanAndDeviation(values);
  for (let index = 0; index < values.length; index++) {
    values[index] = Math.min(high, Math.max(low, mean + factor * (values[index]! - mean)));
  }
}

/** How {@link changeGamma} works. */
export interface GammaOptions {
  /** Whether the exponent is that of the inverted image, which is inverted back. */
  readonly isInverted: boolean;
  /** Whether mean and standard deviation become what they were. */
  readonly isRetained: boolean;
  /** Whether values must stay in the range. */
  readonly isBounded: boolean;
}

/**
 * Raises values to a power, in place, as a part of the range: 0 at its low end and 1 at its high end, which both stay.
 * Values that fill no range stay as they are.
 */
export function changeGamma(
  values: Float32Array,
  exponent: number,
  { low, high }: Range,
  { isInverted, isRetained, isBounded }: GammaOptions,
): void {
  if (high <= low) return;
  const before = isRetained ? meanAndDeviation(values) : undefined;
  const extent = high - low;
  if (isInverted) {
    for (let index = 0; index < values.length; index++) {
      values[index] = high - extent * ((high - values[index]!) / extent) ** exponent;
    }
  } else {
    for (let index = 0; index < values.length; index++) {
      values[index] = low + extent * ((values[index]! - low) / extent) ** exponent;
    }
  }
  if (!before) return;
  const after = meanAndDeviation(values);
  // Values without any spread (or with one that is rounding error) get their mean back, and nothing is blown up.
  const factor = after.deviation > 1e-7 * extent ? before.deviation / after.deviation : 1;
  for (let index = 0; index < values.length; index++) {
    const value = before.mean + factor * (values[index]! - after.mean);
    values[index] = isBounded ? Math.min(high, Math.max(low, value)) : value;
  }
}
