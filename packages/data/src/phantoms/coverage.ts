import type { Triple } from '@interseg/nifti';
import { radialPosition, reachAlong, type Ellipsoid } from './ellipsoid.ts';

/**
 * The voxel grid of a phantom: first axis fastest, centred at the origin, axes along right, anterior, superior (RAS).
 */
export interface PhantomGrid {
  readonly shape: Readonly<Triple>;
  readonly spacing: Readonly<Triple>;
  /** The centre of the first voxel in millimetres. */
  readonly origin: Readonly<Triple>;
}

/** The grid of this shape around the origin. */
export function centerdGrid(shape: Readonly<Triple>, spacing: Readonly<Triple>): PhantomGrid {
  const origin = shape.map((extent, axis) => (-(extent - 1) / 2) * spacing[axis]!) as Triple;
  return { shape, spacing, origin };
}

const samplePositions = [-1 / 3, 0, 1 / 3];

/**
 * Visits the voxels that an ellipsoid touches, with the fraction of each that it covers, from 3 × 3 × 3 samples.
 *
 * @param visit also receives the mean radial position of the covered part: 0 at the centre of the ellipsoid, 1 at its
 * surface
 */
export function forEachCovered(
  grid: PhantomGrid,
  ellipsoid: Ellipsoid,
  visit: (index: number, fraction: number, position: number) => void,
): void {
  const { shape, spacing, origin } = grid;
  const [low, high] = [-1, 1].map((side) =>
    shape.map((extent, axis) => {
      const voxel = (ellipsoid.center[axis]! + side * reachAlong(ellipsoid, axis) - origin[axis]!) / spacing[axis]!;
      return Math.min(extent - 1, Math.max(0, Math.round(voxel)));
    }),
  ) as [Triple, Triple];
  for (let k = low[2]; k <= high[2]; k++) {
    for (let j = low[1]; j <= high[1]; j++) {
      for (let i = low[0]; i <= high[0]; i++) {
        const [fraction, position] = sample(grid, ellipsoid, [i, j, k]);
        if (fraction > 0) visit(i + shape[0] * (j + shape[1] * k), fraction, position);
      }
    }
  }
}

function sample({ spacing, origin }: PhantomGrid, ellipsoid: Ellipsoid, voxel: Triple): [number, number] {
  const at = (axis: 0 | 1 | 2, shift: number): number => origin[axis] + (voxel[axis] + shift) * spacing[axis];
  let inside = 0;
  let sum = 0;
  for (const dz of samplePositions) {
    for (const dy of samplePositions) {
      for (const dx of samplePositions) {
        const position = radialPosition(ellipsoid, at(0, dx), at(1, dy), at(2, dz));
        if (position > 1) continue;
        inside++;
        sum += position;
      }
    }
  }
  return [inside / samplePositions.length ** 3, inside > 0 ? sum / inside : 1];
}
