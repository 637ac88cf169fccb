import { DataError } from '@interseg/errors';
import { affineDistance, type Affine } from '@interseg/nifti';

/** The grid of a file's voxels. */
export interface FileGrid {
  readonly path: string;
  /** The extents of the three spatial axes, first axis fastest. */
  readonly shape: readonly number[];
  /** Millimetres. */
  readonly spacing: readonly number[];
  readonly affine: Affine;
}

/** A tenth of a voxel lets the rounding of quaternions and of single precision pass, and no shift of a voxel. */
const defaultTolerance = 0.1;

/**
 * Checks that two files lie on one grid, voxel upon voxel.
 *
 * @param tolerance how far the affines may disagree: the largest distance between where they put a corner, as a fraction
 * of the smallest spacing of the reference; 0.1 unless told
 * @throws DataError naming both files, when their shapes differ or their places by more than the tolerance
 */
export function checkSameGrid(grid: FileGrid, reference: FileGrid, tolerance = defaultTolerance): void {
  if (grid.shape.some((extent, axis) => extent !== reference.shape[axis])) {
    throw new DataError(
      `${grid.path}: ${grid.shape.join(' × ')} voxels, expected ${reference.shape.join(' × ')} as in ${reference.path}.`,
    );
  }
  const most = tolerance * Math.min(...reference.spacing);
  const distance = affineDistance(grid.affine, reference.affine, reference.shape);
  if (!(distance <= most)) {
    throw new DataError(
      `${grid.path}: its grid lies up to ${Number(distance.toPrecision(3))} mm from that of ${reference.path}, ` +
        `expected at most ${Number(most.toPrecision(3))} mm.`,
    );
  }
}
