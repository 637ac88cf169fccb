import type { EmptyOptions, Mask } from './mask.ts';
import { surfaceDistances, type DirectedSets, type SurfaceDistances } from './surface-distances.ts';

/** Options of {@link averageSymmetricSurfaceDistance}. */
export interface AverageOptions extends EmptyOptions {
  /**
   * `'pooled'` is the mean over both directed sets together, so that each surface voxel counts the same (as medpy's `assd`
   * since 0.5); `'directed'` the mean of the two directed means (as MONAI's symmetric `SurfaceDistanceMetric`, and medpy
   * before). They differ when the surfaces differ in size. Default `'pooled'`.
   */
  definition?: DirectedSets;
}

/**
 * Average symmetric surface distance (ASSD): the mean over both directed sets of distances; in the unit of the spacing,
 * 0 is best.
 *
 * Both masks empty: `emptyValue` (default `NaN`). One empty: infinite. See `surfaceDistances` for what a surface is.
 *
 * @throws OptionError if shapes or spacings differ, `data` does not fit `shape`, or a voxel is NaN.
 */
export function averageSymmetricSurfaceDistance(
  prediction: Mask,
  reference: Mask,
  options: AverageOptions = {},
): number {
  return averageOf(surfaceDistances(prediction, reference), options);
}

/** {@link averageSymmetricSurfaceDistance} from distances. */
export function averageOf(
  { predictionToReference: there, referenceToPrediction: back }: SurfaceDistances,
  { definition = 'pooled', emptyValue = NaN }: AverageOptions,
): number {
  if (there.length + back.length === 0) {
    return emptyValue;
  }
  if (there.length === 0 || back.length === 0) {
    return Infinity;
  }
  return definition === 'pooled'
    ? (sum(there) + sum(back)) / (there.length + back.length)
    : (sum(there) / there.length + sum(back) / back.length) / 2;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    total += values[i]!;
  }
  return total;
}
