import { OptionError } from '@interseg/errors';
import { computePercentile } from './internal/percentile.ts';
import type { EmptyOptions, Mask } from './mask.ts';
import { surfaceDistances, type DirectedSets, type SurfaceDistances } from './surface-distances.ts';

/** Options of {@link hausdorffDistance}. */
export interface HausdorffOptions extends EmptyOptions {
  /** In [0, 100]; 95 gives HD95. Defaults to 100, the Hausdorff distance itself. */
  percentile?: number;
  /**
   * `'directed'`: the larger of the percentiles of the two directed sets (as MONAI). `'pooled'`: the percentile of both
   * sets together (as medpy's `hd95`). At 100 they are equal. Defaults to `'directed'`.
   */
  definition?: DirectedSets;
}

/**
 * Hausdorff distance between the surfaces of two masks, or a percentile of it (interpolated linearly between ranks, as
 * in numpy by default), in the unit of the spacing; 0 is best.
 *
 * Both masks empty: `emptyValue` (`NaN` by default). One empty: infinite. See `surfaceDistances` for what a surface is.
 *
 * @throws OptionError if the percentile is not in [0, 100], shapes or spacings differ, `data` does not fit `shape`, or
 * a voxel is NaN.
 */
export function hausdorffDistance(prediction: Mask, reference: Mask, options: HausdorffOptions = {}): number {
  return hausdorffFromDistances(surfaceDistances(prediction, reference), options);
}

/** Computes {@link hausdorffDistance} from distances, which it reorders. */
export function hausdorffFromDistances(
  { predictionToReference, referenceToPrediction }: SurfaceDistances,
  { percentile = 100, definition = 'directed', emptyValue = NaN }: HausdorffOptions,
): number {
  if (!(percentile >= 0 && percentile <= 100)) {
    throw new OptionError(`percentile is ${percentile}, expected a number in [0, 100].`);
  }
  if (predictionToReference.length + referenceToPrediction.length === 0) {
    return emptyValue;
  }
  if (predictionToReference.length === 0 || referenceToPrediction.length === 0) {
    return Infinity;
  }
  if (definition === 'pooled') {
    const pooled = new Float64Array(predictionToReference.length + referenceToPrediction.length);
    pooled.set(predictionToReference);
    pooled.set(referenceToPrediction, predictionToReference.length);
    return computePercentile(pooled, percentile);
  }
  return Math.max(
    computePercentile(predictionToReference, percentile),
    computePercentile(referenceToPrediction, percentile),
  );
}
