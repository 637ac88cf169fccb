/**
 * A 4×4 matrix, row by row, that maps the indices (i, j, k, 1) of a voxel to the position of its centre in millimetres
 * (RAS+: x increases to the patient's right, y to anterior, z to superior). The last row is 0, 0, 0, 1.
 */
export type Affine = readonly (readonly number[])[];

/** Three numbers, one for each spatial axis. */
export type Triple = [number, number, number];

/**
 * The affine of a grid in RAS+ orientation.
 *
 * @param spacing millimetres between neighbours along each axis; negative values reverse an axis
 * @param origin the position of the first voxel in millimetres. Defaults to 0, 0, 0.
 */
export function scalingAffine(spacing: readonly number[], origin: readonly number[] = [0, 0, 0]): Affine {
  return [
    [spacing[0] ?? 1, 0, 0, origin[0] ?? 0],
    [0, spacing[1] ?? 1, 0, origin[1] ?? 0],
    [0, 0, spacing[2] ?? 1, origin[2] ?? 0],
    [0, 0, 0, 1],
  ];
}

/** The position of a voxel's centre in millimetres (RAS+); indices may be fractions. */
export function applyAffine(affine: Affine, voxel: readonly number[]): Triple {
  const [i = 0, j = 0, k = 0] = voxel;
  const along = (row: number): number =>
    affine[row]![0]! * i + affine[row]![1]! * j + affine[row]![2]! * k + affine[row]![3]!;
  return [along(0), along(1), along(2)];
}

/** The spacing of a grid: millimetres between neighbouring voxels along each axis, i.e. the lengths of the columns. */
export function spacingFromAffine(affine: Affine): Triple {
  const length = (column: number): number => Math.hypot(affine[0]![column]!, affine[1]![column]!, affine[2]![column]!);
  return [length(0), length(1), length(2)];
}

/** The determinant of the 3×3 part, i.e. the volume of a voxel in mm³; negative for a left-handed grid. */
export function determinant(affine: Affine): number {
  const [[a, b, c], [d, e, f], [g, h, i]] = affine as [number[], number[], number[]];
  return a! * (e! * i! - f! * h!) - b! * (d! * i! - f! * g!) + c! * (d! * h! - e! * g!);
}

/**
 * Whether an affine maps different voxels to different positions: all numbers are finite, no axis has length 0, and no
 * two axes are parallel (within rounding).
 */
export function isInvertible(affine: Affine): boolean {
  if (!affine.every((row) => row.every(Number.isFinite))) return false;
  const [x, y, z] = spacingFromAffine(affine);
  // Relative to the box of the three lengths, so that the unit of length does not matter.
  return x > 0 && y > 0 && z > 0 && Math.abs(determinant(affine)) > 1e-6 * x * y * z;
}

/**
 * The largest distance in millimetres between the positions that two affines give the same voxel of a grid. (Both are
 * linear, so the largest distance is at a corner.)
 *
 * @param shape the extents of the grid, first axis fastest
 */
export function affineDistance(a: Affine, b: Affine, shape: readonly number[]): number {
  let largest = 0;
  for (let corner = 0; corner < 8; corner++) {
    const voxel = [0, 1, 2].map((axis) => (corner & (1 << axis) ? (shape[axis] ?? 1) - 1 : 0));
    const [ax, ay, az] = applyAffine(a, voxel);
    const [bx, by, bz] = applyAffine(b, voxel);
    largest = Math.max(largest, Math.hypot(ax - bx, ay - by, az - bz));
  }
  return largest;
}
