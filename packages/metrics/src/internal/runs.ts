import { OptionError } from '@interseg/errors';
import type { Triple } from './grid.ts';

/** The foreground of a mask as runs of voxels along the fastest axis, in row-major order. */
export interface Runs {
  /** Position of the first voxel of each run within its row. */
  starts: number[];
  /** Position after its last voxel. */
  ends: number[];
  /** For each row the index of its first run, and at the end the number of runs. */
  firstOfRow: Int32Array;
}

/** Finds the runs. @throws OptionError if a voxel is NaN */
export function findRuns(data: ArrayLike<number>, [depth, height, width]: Triple): Runs {
  const rows = depth * height;
  const starts: number[] = [];
  const ends: number[] = [];
  const firstOfRow = new Int32Array(rows + 1);
  for (let row = 0, index = 0; row < rows; row++) {
    firstOfRow[row] = starts.length;
    let inside = false;
    for (let x = 0; x < width; x++, index++) {
      const value = data[index]!;
      if (Number.isNaN(value)) {
        throw new OptionError(`The mask is NaN at index ${index}, expected a number.`);
      }
      if ((value !== 0) !== inside) {
        (inside ? ends : starts).push(x);
        inside = !inside;
      }
    }
    if (inside) {
      ends.push(width);
    }
  }
  firstOfRow[rows] = starts.length;
  return { starts, ends, firstOfRow };
}
