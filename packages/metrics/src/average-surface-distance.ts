import type { EmptyOptions, Mask } from './mask.ts';
import { surfaceDistances, type DirectedSets, type SurfaceDistances } from './surface-distances.ts';

/** Options of {@link averageSymmetricSurfaceDistance}. */
export interface AverageOptions extends EmptyOptions {
  /**
   * `'pooled'`: the mean over both directed sets together, in which each surface voxel has the same weight (medpy's
   * `assd` since 0.5). `'directed'`: the mean of the two directed means (MONAI's symmetric `SurfaceDistanceMetric`, and
   * medpy before 0.5). They differ when the surfaces differ in size. Defaults to `'pooled'`.
   */
  definition?: DirectedSets;
}

/**
 * Average symmetric surface distance (ASSD): the mean over both directed sets of distances, in the unit of the spacing;
 * 0 is best.
 *
 * Both masks empty: `emptyValue` (`NaN` by default). One empty: infinite. See `surfaceDistances` for what a surface is.
 *
 * @throws OptionError if shapes or spacings differ, `data` does not fit `shape`, or a voxel is NaN.
 */
export function averageSymmetricSurfaceDistance(
  prediction: Mask,
  reference: Mask,
  options: AverageOptions = {},
): number {
  return averageFromDistances(surfaceDistances(prediction, reference), options);
}

/** Computes {@link averageSymmetricSurfaceDistance} from distances. */
export function averageFromDistances(
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
