import { averageOf } from './average-surface-distance.ts';
import { hausdorffOf } from './hausdorff-distance.ts';
import { compare } from './internal/comparison.ts';
import { voxelVolume } from './internal/grid.ts';
import type { EmptyOptions, Mask } from './mask.ts';
import { diceOf, jaccardOf, precisionOf, sensitivityOf, specificityOf } from './overlap.ts';
import { surfaceDistancesOf, type DirectedSets } from './surface-distances.ts';

/** Options of {@link segmentationMetrics}. */
export interface SegmentationMetricsOptions extends EmptyOptions {
  /** The `definition` of `hausdorffDistance`, for HD95. Default `'directed'`. */
  hausdorffDefinition?: DirectedSets;
  /** The `definition` of `averageSymmetricSurfaceDistance`. Default `'pooled'`. */
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
  /** Which masks are empty: what a report needs to say how many cases the averages leave out. */
  empty: EmptyMasks;
}

/**
 * All metrics of one case at once: the voxels are counted once, and the surface distances, which cost most, computed
 * once. Each value is what the function of that name gives, empty masks included.
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
  const distances = surfaceDistancesOf(comparison, prediction, reference);
  const { truePositives, falsePositives, falseNegatives, grid } = comparison;
  const predicted = truePositives + falsePositives;
  const expected = truePositives + falseNegatives;
  return {
    dice: diceOf(comparison, options),
    jaccard: jaccardOf(comparison, options),
    sensitivity: sensitivityOf(comparison, options),
    precision: precisionOf(comparison, options),
    specificity: specificityOf(comparison),
    hd: hausdorffOf(distances, { emptyValue }),
    hd95: hausdorffOf(distances, { percentile: 95, definition: hausdorffDefinition, emptyValue }),
    assd: averageOf(distances, { definition: averageDefinition, emptyValue }),
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
