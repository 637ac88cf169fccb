import { averageFromDistances } from './average-surface-distance.ts';
import { hausdorffFromDistances } from './hausdorff-distance.ts';
import { compare } from './internal/comparison.ts';
import { voxelVolume } from './internal/grid.ts';
import type { EmptyOptions, Mask } from './mask.ts';
import {
  diceFromCounts,
  jaccardFromCounts,
  precisionFromCounts,
  sensitivityFromCounts,
  specificityFromCounts,
} from './overlap.ts';
import { surfaceDistancesFromComparison, type DirectedSets } from './surface-distances.ts';

/** Options of {@link segmentationMetrics}. */
export interface SegmentationMetricsOptions extends EmptyOptions {
  /** The `definition` of `hausdorffDistance`, for HD95. Defaults to `'directed'`. */
  hausdorffDefinition?: DirectedSets;
  /** The `definition` of `averageSymmetricSurfaceDistance`. Defaults to `'pooled'`. */
  averageDefinition?: DirectedSets;
}

/** Which of two masks have no foreground. */
export type EmptyMasks = 'none' | 'prediction' | 'reference' | 'both';

/** All metrics of one case and class; distances and volumes in the unit of the spacing. */
export interface SegmentationMetrics {
  /** Dice coefficient, in [0, 1]. */
  dice: number;
  /** Jaccard index, in [0, 1]. */
  jaccard: number;
  /** Sensitivity, in [0, 1]. */
  sensitivity: number;
  /** Precision, in [0, 1]. */
  precision: number;
  /** Specificity, in [0, 1]. */
  specificity: number;
  /** Hausdorff distance. */
  hd: number;
  /** 95th percentile of the Hausdorff distance. */
  hd95: number;
  /** Average symmetric surface distance. */
  assd: number;
  /** Volume of the prediction's foreground. */
  predictionVolume: number;
  /** Volume of the reference's foreground. */
  referenceVolume: number;
  /** Which masks are empty, so that a report can say how many cases its averages leave out. */
  empty: EmptyMasks;
}

/**
 * Computes all metrics of one case at once: it counts the voxels once, and computes the surface distances, which take
 * most of the time, once. Each value is that of the function of the same name, also for empty masks.
 *
 * @throws OptionError if shapes or spacings differ, `data` does not fit `shape`, or a voxel is NaN.
 */
export function segmentationMetrics(
  prediction: Mask,
  reference: Mask,
  options: SegmentationMetricsOptions = {},
): SegmentationMetrics {
  const { emptyValue, hausdorffDefinition, averageDefinition } = options;
  const comparison = compare(prediction, reference);
  const distances = surfaceDistancesFromComparison(comparison, prediction, reference);
  const { truePositives, falsePositives, falseNegatives, grid } = comparison;
  const predicted = truePositives + falsePositives;
  const expected = truePositives + falseNegatives;
  return {
    dice: diceFromCounts(comparison, options),
    jaccard: jaccardFromCounts(comparison, options),
    sensitivity: sensitivityFromCounts(comparison, options),
    precision: precisionFromCounts(comparison, options),
    specificity: specificityFromCounts(comparison),
    hd: hausdorffFromDistances(distances, { emptyValue }),
    hd95: hausdorffFromDistances(distances, { percentile: 95, definition: hausdorffDefinition, emptyValue }),
    assd: averageFromDistances(distances, { definition: averageDefinition, emptyValue }),
    predictionVolume: predicted * voxelVolume(grid),
    referenceVolume: expected * voxelVolume(grid),
    empty: emptyMasks(predicted, expected),
  };
}

function emptyMasks(predicted: number, expected: number): EmptyMasks {
  if (predicted === 0) {
    return expected === 0 ? 'both' : 'prediction';
  }
  return expected === 0 ? 'reference' : 'none';
}
