import { meanAndDeviation, percentileOfSorted } from '../../statistics.ts';
import type { IntensityNormalization } from '../slice-settings.ts';

/**
 * Normalises the intensities of one channel as {@link IntensityNormalization} says.
 *
 * @param values all voxels of the channel; they are not changed
 * @returns a new array in the same order
 */
export function normalize(values: Float32Array, normalization: IntensityNormalization): Float32Array {
  switch (normalization.kind) {
    case 'percentiles': {
      const sorted = foreground(values).sort();
      const { lower = 0.5, upper = 99.5 } = normalization;
      return toUnitRange(values, percentileOfSorted(sorted, lower), percentileOfSorted(sorted, upper));
    }
    case 'window': {
      const { level = 40, width = 400 } = normalization;
      return toUnitRange(values, level - width / 2, level + width / 2);
    }
    case 'zscore': {
      const { mean, deviation } = meanAndDeviation(foreground(values));
      const factor = deviation > 0 ? 1 / deviation : 0;
      return values.map((value) => (value === 0 ? 0 : (value - mean) * factor));
    }
    case 'none':
      return values.slice();
  }
}

/** A copy of the voxels that are not 0, or of all, if all are 0. */
function foreground(values: Float32Array): Float32Array {
  const chosen = values.filter((value) => value !== 0);
  return chosen.length > 0 ? chosen : values.slice();
}

function toUnitRange(values: Float32Array, low: number, high: number): Float32Array {
  const result = new Float32Array(values.length);
  if (!(high > low)) return result;
  const factor = 1 / (high - low);
  for (let index = 0; index < values.length; index++) {
    result[index] = Math.min(1, Math.max(0, (values[index]! - low) * factor));
  }
  return result;
}
