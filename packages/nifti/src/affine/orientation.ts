import { emptyLike, type TypedNumberArray } from '../arrays.ts';
import { applyAffine, spacingFromAffine, type Affine, type Triple } from './affine.ts';

/**
 * How a grid lies with respect to the canonical directions right, front, head (RAS): which of its axes runs closest to
 * each of them, and whether it runs the other way.
 */
export interface Orientation {
  /** For each canonical axis x, y, z: the grid's own axis (0, 1, 2) that becomes it. */
  readonly axes: Readonly<Triple>;
  /** For each canonical axis: whether the grid's own axis runs against it. */
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
 * The orientation that is closest to RAS: of the six assignments of axes the one with the largest sum of (absolute)
 * cosines. At an exact tie, as at 45°, the first in a fixed order is taken, so that equal affines always give equal
 * orientations.
 */
export function orientationFromAffine(affine: Affine): Orientation {
  const spacing = spacingFromAffine(affine);
  const cosine = (world: number, axis: number): number => affine[world]![axis]! / spacing[axis]!;
  let best = permutations[0]!;
  let bestScore = -Infinity;
  for (const axes of permutations) {
    const score = axes.reduce((sum, axis, world) => sum + Math.abs(cosine(world, axis)), 0);
    // A margin, so that rounding does not decide between assignments that are equally good.
    if (score > bestScore + 1e-9) {
      best = axes;
      bestScore = score;
    }
  }
  const flipped = (world: number): boolean => cosine(world, best[world]!) < 0;
  return { axes: best, flips: [flipped(0), flipped(1), flipped(2)] };
}

/** The letters of the directions in which the grid's own axes run, e.g. `'LPS'` or `'RAS'`. */
export function orientationName(orientation: Orientation): string {
  const letters = ['', '', ''];
  orientation.axes.forEach((axis, world) => {
    letters[axis] = (orientation.flips[world] ? 'LPI' : 'RAS')[world]!;
  });
  return letters.join('');
}

/**
 * A grid seen along the canonical axes without moving a voxel: the voxel (x, y, z) of the canonical grid is the element
 * `offset + x·strides[0] + y·strides[1] + z·strides[2]` of the array (first axis fastest).
 */
export interface CanonicalView {
  /** The extents along right, front, head. */
  readonly shape: Readonly<Triple>;
  /** Steps in the array; negative where the axis is flipped. */
  readonly strides: Readonly<Triple>;
  readonly offset: number;
}

/** The canonical view of a grid of this shape. */
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

/** The affine of the canonical grid: the same places in millimetres for the reordered and flipped indices. */
export function canonicalAffine(affine: Affine, shape: readonly number[], orientation: Orientation): Affine {
  // The canonical grid's first voxel, in the grid's own indices.
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
 * Reorders and flips the voxels of a grid into canonical order. Nothing is interpolated.
 *
 * @param data the voxels, first axis fastest, `shape[0]·shape[1]·shape[2]` of them
 * @returns a new array of the same kind, first (canonical) axis fastest
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
 * Undoes {@link toCanonical} exactly.
 *
 * @param data voxels in canonical order
 * @param shape the shape of the *original* grid
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

/** Visits the rows along canonical x: where each starts in the grid's own array and in one of canonical order. */
function forEachRow(view: CanonicalView, visit: (own: number, canonical: number) => void): void {
  const [width, height, depth] = view.shape;
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      visit(view.offset + y * view.strides[1] + z * view.strides[2], width * (y + height * z));
    }
  }
}
