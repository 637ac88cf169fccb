import type { Affine, Triple } from '../affine/affine.ts';

/** A rotation as NIfTI stores it: b, c and d of a unit quaternion (a ≥ 0 follows), and the sign of the third axis. */
export interface QuaternionForm {
  readonly quaternion: Triple;
  readonly handedness: 1 | -1;
}

/**
 * The rotation matrix (row by row) of the unit quaternion a + bi + cj + dk with a ≥ 0.
 *
 * If b² + c² + d² exceeds 1 by rounding, a is 0 and the others are scaled to length 1, as in NIfTI's C library.
 */
export function rotationFromQuaternion([b, c, d]: readonly [number, number, number]): number[][] {
  const squared = b * b + c * c + d * d;
  let a = 0;
  let scale = 1;
  if (1 - squared < 1e-7) scale = 1 / Math.sqrt(squared);
  else a = Math.sqrt(1 - squared);
  const [x, y, z] = [b * scale, c * scale, d * scale];
  return [
    [a * a + x * x - y * y - z * z, 2 * (x * y - a * z), 2 * (x * z + a * y)],
    [2 * (x * y + a * z), a * a + y * y - x * x - z * z, 2 * (y * z - a * x)],
    [2 * (x * z - a * y), 2 * (y * z + a * x), a * a + z * z - x * x - y * y],
  ];
}

/**
 * The quaternion of an affine's axes.
 *
 * @param spacing the lengths of the affine's columns
 * @returns undefined if the axes are not at right angles, as a quaternion cannot represent a shear
 */
export function quaternionFromAffine(affine: Affine, spacing: Triple): QuaternionForm | undefined {
  const matrix = [0, 1, 2].map((row) => spacing.map((length, column) => affine[row]![column]! / length));
  for (const [first, second] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const) {
    const cosine = matrix.reduce((sum, row) => sum + row[first]! * row[second]!, 0);
    if (Math.abs(cosine) > 1e-4) return undefined;
  }
  const handedness = determinant3(matrix) < 0 ? -1 : 1;
  const r = matrix.map((row) => [row[0]!, row[1]!, row[2]! * handedness]) as [Triple, Triple, Triple];
  return { quaternion: fromRotation(r), handedness };
}

function determinant3(m: number[][]): number {
  const [[a, b, c], [d, e, f], [g, h, i]] = m as [Triple, Triple, Triple];
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

/** b, c and d of a rotation matrix, computed from the largest of a, b, c and d, which is safe to divide by. */
function fromRotation(r: readonly [Triple, Triple, Triple]): Triple {
  const four = [
    1 + r[0][0] + r[1][1] + r[2][2],
    1 + r[0][0] - r[1][1] - r[2][2],
    1 - r[0][0] + r[1][1] - r[2][2],
    1 - r[0][0] - r[1][1] + r[2][2],
  ];
  // Each entry is four times a square, so the largest is at least 1.
  const largest = four.indexOf(Math.max(...four));
  const root = Math.sqrt(four[largest]!) / 2;
  const quarter = 1 / (4 * root);
  const [fromB, fromC, fromD] = [r[2][1] - r[1][2], r[0][2] - r[2][0], r[1][0] - r[0][1]].map(
    (v) => v * quarter,
  ) as Triple;
  const [bc, bd, cd] = [r[0][1] + r[1][0], r[0][2] + r[2][0], r[1][2] + r[2][1]].map((v) => v * quarter) as Triple;
  const candidates: [number, Triple][] = [
    [root, [fromB, fromC, fromD]],
    [fromB, [root, bc, bd]],
    [fromC, [bc, root, cd]],
    [fromD, [bd, cd, root]],
  ];
  const [a, [b, c, d]] = candidates[largest]!;
  // q and −q are the same rotation; NIfTI stores the one with a ≥ 0.
  return a < 0 ? [-b, -c, -d] : [b, c, d];
}
