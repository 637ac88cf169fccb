import fc from 'fast-check';
import type { Mask } from '../src/mask.ts';

/** A mask of two axes from a drawing: `#` is foreground, rows are separated by line breaks. */
export function drawn(picture: string, spacing?: readonly number[]): Mask {
  const rows = picture
    .split('\n')
    .map((row) => row.trim())
    .filter((row) => row !== '');
  return {
    data: Uint8Array.from(rows.join(''), (character) => (character === '#' ? 1 : 0)),
    shape: [rows.length, rows[0]!.length],
    spacing,
  };
}

/** A ball: voxels whose centre, in the unit of the spacing, is at most `radius` away from `centre`. */
export function ball(
  radius: number,
  center: readonly number[],
  shape: readonly number[] = [99, 99, 99],
  spacing: readonly number[] = [1, 1, 1],
): Mask {
  const data = new Uint8Array(shape[0]! * shape[1]! * shape[2]!);
  let index = 0;
  for (let z = 0; z < shape[0]!; z++) {
    for (let y = 0; y < shape[1]!; y++) {
      for (let x = 0; x < shape[2]!; x++) {
        const [dz, dy, dx] = [z, y, x].map((voxel, axis) => voxel * spacing[axis]! - center[axis]!) as [
          number,
          number,
          number,
        ];
        data[index++] = dz * dz + dy * dy + dx * dx <= radius * radius ? 1 : 0;
      }
    }
  }
  return { data, shape, spacing };
}

/** Pairs of small masks on one grid of one to three axes, sparse and dense, with a spacing that differs by axis. */
export const maskPairs = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }), fc.constantFrom(0.1, 0.4, 0.9))
  .chain(([shape, density]) => {
    const voxels = shape.reduce((product, size) => product * size, 1);
    const voxel = fc.double({ min: 0, max: 1, noNaN: true }).map((u) => (u < density ? 1 : 0));
    const data = fc.array(voxel, { minLength: voxels, maxLength: voxels });
    const spacing = fc.array(fc.constantFrom(0.5, 1, 1.2, 3), { minLength: shape.length, maxLength: shape.length });
    return fc.tuple(data, data, spacing).map(([a, b, steps]): [Mask, Mask] => [
      { data: a, shape, spacing: steps },
      { data: b, shape, spacing: steps },
    ]);
  });
