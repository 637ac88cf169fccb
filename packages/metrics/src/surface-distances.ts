import { compare, cropped, sizeOf, type Comparison } from './internal/comparison.ts';
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
 * How one number is made of the two directed sets of distances: `'directed'` from each set for itself and then of the two
 * numbers, `'pooled'` from both sets thrown together.
 */
export type DirectedSets = 'directed' | 'pooled';

/**
 * Exact Euclidean distances between the surfaces of two masks, centre to centre of voxels.
 *
 * A surface voxel is a foreground voxel with a background neighbour across a face; the outside of the image counts as
 * background. A mask without foreground has no surface: its own list is empty, and each distance to it is infinite.
 *
 * @throws OptionError if shapes or spacings differ, `data` does not fit `shape`, or a voxel is NaN.
 */
export function surfaceDistances(prediction: Mask, reference: Mask): SurfaceDistances {
  return surfaceDistancesOf(compare(prediction, reference), prediction, reference);
}

/**
 * {@link surfaceDistances} of masks that have been compared.
 *
 * Only the box around both foregrounds is looked at, which changes nothing: outside it all voxels are background, and
 * its border, like the image's, counts as background, so each voxel has the same neighbours as far as the surface goes;
 * and all surface voxels, the only ones that distances are taken from and to, lie inside.
 */
export function surfaceDistancesOf(comparison: Comparison, prediction: Mask, reference: Mask): SurfaceDistances {
  const { grid, box } = comparison;
  if (box === undefined) {
    return { predictionToReference: new Float64Array(0), referenceToPrediction: new Float64Array(0) };
  }
  const size = sizeOf(box);
  const surfaceOf = (mask: Mask) => surfaceVoxels(cropped(mask.data, grid.size, box), size, grid.rank);
  const predicted = surfaceOf(prediction);
  const expected = surfaceOf(reference);
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
