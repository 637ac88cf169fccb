import { compare, cropped, boxSize, type Comparison } from './internal/comparison.ts';
import { squaredDistances } from './internal/distance-transform.ts';
import { surfaceVoxels } from './internal/surface.ts';
import type { Mask } from './mask.ts';

/** The two directed sets of distances between surfaces, in the unit of the spacing, in no particular order. */
export interface SurfaceDistances {
  /** For each surface voxel of the prediction, the distance to the nearest surface voxel of the reference. */
  predictionToReference: Float64Array;
  /** For each surface voxel of the reference, the distance to the nearest surface voxel of the prediction. */
  referenceToPrediction: Float64Array;
}

/**
 * How the two directed sets of distances become one number: `'directed'` computes one for each set and combines the
 * two, `'pooled'` merges the sets first.
 */
export type DirectedSets = 'directed' | 'pooled';

/**
 * Computes the exact Euclidean distances between the surfaces of two masks, from voxel centre to voxel centre.
 *
 * A surface voxel is a foreground voxel with a background neighbour across a face; the outside of the image is
 * background. A mask without foreground has no surface: its own list is empty, and each distance to it is infinite.
 *
 * @throws OptionError if shapes or spacings differ, `data` does not fit `shape`, or a voxel is NaN.
 */
export function surfaceDistances(prediction: Mask, reference: Mask): SurfaceDistances {
  return surfaceDistancesFromComparison(compare(prediction, reference), prediction, reference);
}

/**
 * Computes {@link surfaceDistances} of masks that have been compared.
 *
 * It looks at the box around both foregrounds only, which gives the same result: all voxels outside are background, as
 * is what lies beyond a border, so the surfaces are the same; and all distances start and end at a surface.
 */
export function surfaceDistancesFromComparison(
  comparison: Comparison,
  prediction: Mask,
  reference: Mask,
): SurfaceDistances {
  const { grid, box } = comparison;
  if (box === undefined) {
    return { predictionToReference: new Float64Array(0), referenceToPrediction: new Float64Array(0) };
  }
  const size = boxSize(box);
  const findSurface = (mask: Mask) => surfaceVoxels(cropped(mask.data, grid.size, box), size, grid.rank);
  const predicted = findSurface(prediction);
  const expected = findSurface(reference);
  const field = new Float64Array(size[0] * size[1] * size[2]);
  const distances = (from: Int32Array, to: Int32Array) => {
    if (from.length === 0 || to.length === 0) {
      return new Float64Array(from.length).fill(Infinity);
    }
    const result = squaredDistances(from, to, size, grid.spacing, field);
    for (let i = 0; i < result.length; i++) {
      result[i] = Math.sqrt(result[i]!);
    }
    return result;
  };
  return {
    predictionToReference: distances(predicted, expected),
    referenceToPrediction: distances(expected, predicted),
  };
}
