import type { Triple } from './grid.ts';

/**
 * Indices, ascending, of the surface voxels: foreground with a background neighbour across a face (4 neighbours in two
 * axes, 6 in three). What lies beyond the border counts as background.
 *
 * @param foreground 0 and 1, row-major.
 * @param size The three axes; only the last `rank` of them have neighbours.
 */
export function surfaceVoxels(foreground: Uint8Array, size: Triple, rank: number): Int32Array {
  const [depth, height, width] = size;
  const plane = height * width;
  const result = new Int32Array(foreground.length);
  let count = 0;
  let index = 0;
  for (let z = 0; z < depth; z++) {
    const zInside = rank < 3 || (z > 0 && z < depth - 1);
    for (let y = 0; y < height; y++) {
      const inside = zInside && (rank < 2 || (y > 0 && y < height - 1));
      for (let x = 0; x < width; x++, index++) {
        if (foreground[index] === 0) {
          continue;
        }
        const enclosed =
          inside &&
          x > 0 &&
          x < width - 1 &&
          foreground[index - 1] === 1 &&
          foreground[index + 1] === 1 &&
          (rank < 2 || (foreground[index - width] === 1 && foreground[index + width] === 1)) &&
          (rank < 3 || (foreground[index - plane] === 1 && foreground[index + plane] === 1));
        if (!enclosed) {
          result[count++] = index;
        }
      }
    }
  }
  return result.slice(0, count);
}
