import { emptyLike, type TypedNumberArray } from '../arrays.ts';
import { applyAffine, spacingFromAffine, type Affine, type Triple } from './affine.ts';

/**
 * The orientation of a grid relative to the canonical directions right, anterior and superior (RAS+): which of its axes
 * is closest to each of them, and whether that axis runs in the opposite direction.
 */
export interface Orientation {
  /** For each canonical axis x, y, z: the axis of the grid (0, 1 or 2) that is closest to it. */
  readonly axes: Readonly<Triple>;
  /** For each canonical axis: whether the axis of the grid runs in the opposite direction. */
  readonly flips: readonly [boolean, boolean, boolean];
}

const permutations: readonly Readonly<Triple>[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/**
 * The orientation of a grid: of the six assignments of its axes to the canonical ones, the one with the largest sum of
 * absolute cosines. At an exact tie, such as at 45°, the first in a fixed order wins, so that equal affines always give
 * equal orientations.
 */
export function orientationFromAffine(affine: Affine): Orientation {
  const spacing = spacingFromAffine(affine);
  const cosine = (world: number, axis: number): number => affine[world]![axis]! / spacing[axis]!;
  let best = permutations[0]!;
  let bestScore = -Infinity;
  for (const axes of permutations) {
    const score = axes.reduce((sum, axis, world) => sum + Math.abs(cosine(world, axis)), 0);
    // The margin keeps rounding from deciding between assignments that are equally good.
    if (score > bestScore + 1e-9) {
      best = axes;
      bestScore = score;
    }
  }
  const flipped = (world: number): boolean => cosine(world, best[world]!) < 0;
  return { axes: best, flips: [flipped(0), flipped(1), flipped(2)] };
}

/** The directions in which the axes of a grid run, as three letters such as `'LPS'` or `'RAS'` (nibabel's `axcodes`). */
export function orientationName(orientation: Orientation): string {
  const letters = ['', '', ''];
  orientation.axes.forEach((axis, world) => {
    letters[axis] = (orientation.flips[world] ? 'LPI' : 'RAS')[world]!;
  });
  return letters.join('');
}

/**
 * A grid seen along the canonical axes, without moving a voxel: the canonical voxel (x, y, z) is the element
 * `offset + x·strides[0] + y·strides[1] + z·strides[2]` of the grid's array (first axis fastest).
 */
export interface CanonicalView {
  /** The extents along x, y and z. */
  readonly shape: Readonly<Triple>;
  /** Elements from one voxel to the next along x, y and z; negative if the axis is flipped. */
  readonly strides: Readonly<Triple>;
  /** The element of the canonical voxel (0, 0, 0). */
  readonly offset: number;
}

/** The canonical view of a grid with this shape (first axis fastest; axes beyond the third are ignored). */
export function canonicalView(shape: readonly number[], orientation: Orientation): CanonicalView {
  const extents: Triple = [shape[0] ?? 1, shape[1] ?? 1, shape[2] ?? 1];
  const ownStrides: Triple = [1, extents[0], extents[0] * extents[1]];
  let offset = 0;
  const strides = orientation.axes.map((axis, world) => {
    if (!orientation.flips[world]) return ownStrides[axis]!;
    offset += ownStrides[axis]! * (extents[axis]! - 1);
    return -ownStrides[axis]!;
  });
  const viewed = orientation.axes.map((axis) => extents[axis]!);
  return { shape: viewed as Triple, strides: strides as Triple, offset };
}

/** The affine of the canonical grid, which maps the reordered and flipped indices to the same positions. */
export function canonicalAffine(affine: Affine, shape: readonly number[], orientation: Orientation): Affine {
  // The first voxel of the canonical grid, in indices of the original grid.
  const corner = [0, 0, 0];
  orientation.axes.forEach((axis, world) => {
    corner[axis] = orientation.flips[world] ? (shape[axis] ?? 1) - 1 : 0;
  });
  const origin = applyAffine(affine, corner);
  const row = (world: number): number[] => [
    ...orientation.axes.map((axis, column) => affine[world]![axis]! * (orientation.flips[column] ? -1 : 1)),
    origin[world]!,
  ];
  return [row(0), row(1), row(2), [0, 0, 0, 1]];
}

/**
 * Reorders and flips the voxels of a grid into canonical (RAS+) order, without interpolation.
 *
 * @param data `shape[0]·shape[1]·shape[2]` values, first axis fastest
 * @returns a new array of the same type and its shape, x fastest
 */
export function toCanonical<T extends TypedNumberArray>(
  data: T,
  shape: readonly number[],
  orientation: Orientation,
): { data: T; shape: Triple } {
  const view = canonicalView(shape, orientation);
  const result = emptyLike(data, view.shape[0] * view.shape[1] * view.shape[2]);
  forEachRow(view, (from, to) => {
    for (let x = 0; x < view.shape[0]; x++) result[to + x] = data[from + x * view.strides[0]]!;
  });
  return { data: result, shape: [...view.shape] };
}

/**
 * The exact inverse of {@link toCanonical}.
 *
 * @param data the values in canonical order
 * @param shape the shape of the *original* grid
 * @returns a new array of the same type, in the order of the original grid
 */
export function fromCanonical<T extends TypedNumberArray>(
  data: T,
  shape: readonly number[],
  orientation: Orientation,
): T {
  const view = canonicalView(shape, orientation);
  const result = emptyLike(data, view.shape[0] * view.shape[1] * view.shape[2]);
  forEachRow(view, (to, from) => {
    for (let x = 0; x < view.shape[0]; x++) result[to + x * view.strides[0]] = data[from + x]!;
  });
  return result;
}

/** Visits the rows along canonical x, with the index of their first element in the original and in canonical order. */
function forEachRow(view: CanonicalView, visit: (own: number, canonical: number) => void): void {
  const [width, height, depth] = view.shape;
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      visit(view.offset + y * view.strides[1] + z * view.strides[2], width * (y + height * z));
    }
  }
}
