import { DataError } from '@interseg/errors';
import { affineDistance, type Affine } from '@interseg/nifti';

/** The grid of a file. */
export interface FileGrid {
  readonly path: string;
  /** The extents of the three spatial axes, first axis fastest. */
  readonly shape: readonly number[];
  /** Millimetres. */
  readonly spacing: readonly number[];
  readonly affine: Affine;
}

/** A tenth of a voxel: more than the rounding of quaternions and of single precision, less than a shift by a voxel. */
const defaultTolerance = 0.1;

/**
 * Checks that two files have the same grid, so that their voxels correspond.
 *
 * @param tolerance the largest distance between the positions that the two affines give a corner of the grid, as a
 * fraction of the smallest spacing of the reference. Defaults to 0.1.
 * @throws DataError naming both files, if their shapes differ, or their positions by more than the tolerance
 */
export function checkSameGrid(grid: FileGrid, reference: FileGrid, tolerance = defaultTolerance): void {
  if (grid.shape.some((extent, axis) => extent !== reference.shape[axis])) {
    throw new DataError(
      `${grid.path}: found ${grid.shape.join(' × ')} voxels, expected ${reference.shape.join(' × ')} as in ${reference.path}.`,
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
