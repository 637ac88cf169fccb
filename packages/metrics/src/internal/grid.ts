import { OptionError } from '@interseg/errors';
import type { Mask } from '../mask.ts';

/** Three numbers, for the axes from the slowest to the fastest. */
export type Triple = readonly [number, number, number];

/** The grid of a mask, extended to three axes by axes of size 1 in front. */
export interface Grid {
  /** The number of axes of the mask itself: the last `rank` of the three. */
  rank: number;
  size: Triple;
  spacing: Triple;
}

/** Reads and checks the grid of a mask. @param name names the mask in errors */
export function readGrid(name: string, mask: Mask): Grid {
  const { shape, spacing, data } = mask;
  const rank = shape.length;
  if (rank < 1 || rank > 3) {
    throw new OptionError(`The shape of the ${name} is [${shape.join(', ')}], expected one to three axes.`);
  }
  if (shape.some((size) => !Number.isInteger(size) || size < 1)) {
    throw new OptionError(`The shape of the ${name} is [${shape.join(', ')}], expected whole numbers of at least 1.`);
  }
  const voxels = shape.reduce((product, size) => product * size, 1);
  if (data.length !== voxels) {
    throw new OptionError(
      `The ${name} has ${data.length} voxels, expected ${voxels} for its shape [${shape.join(', ')}].`,
    );
  }
  if (
    spacing !== undefined &&
    (spacing.length !== rank || spacing.some((step) => !Number.isFinite(step) || step <= 0))
  ) {
    throw new OptionError(`The spacing of the ${name} is [${spacing.join(', ')}], expected ${rank} numbers above 0.`);
  }
  return { rank, size: padded(shape), spacing: padded(spacing ?? shape.map(() => 1)) };
}

/** The common grid of two masks. @throws OptionError when their shapes or spacings differ */
export function commonGrid(prediction: Mask, reference: Mask): Grid {
  const grid = readGrid('prediction', prediction);
  const other = readGrid('reference', reference);
  if (grid.rank !== other.rank || grid.size.some((size, axis) => size !== other.size[axis])) {
    throw new OptionError(
      `The shapes of prediction [${prediction.shape.join(', ')}] and reference [${reference.shape.join(', ')}] differ, ` +
        'expected the same shape.',
    );
  }
  if (prediction.spacing === undefined) {
    return other;
  }
  if (reference.spacing === undefined) {
    return grid;
  }
  // Tolerant of a spacing that went through single precision on one side.
  if (grid.spacing.some((step, axis) => Math.abs(step - other.spacing[axis]!) > 1e-4 * step)) {
    throw new OptionError(
      `The spacings of prediction [${prediction.spacing.join(', ')}] and reference [${reference.spacing.join(', ')}] ` +
        'differ, expected the same spacing.',
    );
  }
  return other;
}

/** The volume (area, length) of one voxel, in the unit of the spacing. */
export function voxelVolume(grid: Grid): number {
  return grid.spacing[0] * grid.spacing[1] * grid.spacing[2];
}

function padded(numbers: readonly number[]): Triple {
  const [first, second, third] = numbers as [number, number, number];
  if (numbers.length === 3) {
    return [first, second, third];
  }
  return numbers.length === 2 ? [1, first, second] : [1, 1, first];
}
