import { OptionError } from '@interseg/errors';
import type { Mask } from '../mask.ts';
import { commonGrid, type Grid, type Triple } from './grid.ts';

/** The part of a grid from `lower` (included) to `upper` (excluded). */
export interface Box {
  lower: Triple;
  upper: Triple;
}

/** The result of one pass over two masks. */
export interface Comparison {
  grid: Grid;
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
  trueNegatives: number;
  /** The smallest box that holds the foreground of both masks; `undefined` if both are empty. */
  box: Box | undefined;
}

/** Counts the voxels of two masks, and finds the box around their foreground, in one pass. */
export function compare(prediction: Mask, reference: Mask): Comparison {
  const grid = commonGrid(prediction, reference);
  const [depth, height, width] = grid.size;
  const p = prediction.data;
  const r = reference.data;
  let truePositives = 0;
  let falsePositives = 0;
  let falseNegatives = 0;
  const lower: [number, number, number] = [depth, height, width];
  const upper: [number, number, number] = [0, 0, 0];
  let index = 0;
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      let first = width;
      let last = -1;
      for (let x = 0; x < width; x++, index++) {
        const predicted = p[index]!;
        const expected = r[index]!;
        if (predicted === 0 && expected === 0) {
          continue;
        }
        if (Number.isNaN(predicted) || Number.isNaN(expected)) {
          const name = Number.isNaN(predicted) ? 'prediction' : 'reference';
          throw new OptionError(`The ${name} is NaN at index ${index}, expected a number.`);
        }
        if (predicted === 0) {
          falseNegatives++;
        } else if (expected === 0) {
          falsePositives++;
        } else {
          truePositives++;
        }
        first = Math.min(first, x);
        last = x;
      }
      if (last >= 0) {
        lower[0] = Math.min(lower[0], z);
        upper[0] = z + 1;
        lower[1] = Math.min(lower[1], y);
        upper[1] = Math.max(upper[1], y + 1);
        lower[2] = Math.min(lower[2], first);
        upper[2] = Math.max(upper[2], last + 1);
      }
    }
  }
  const trueNegatives = index - truePositives - falsePositives - falseNegatives;
  const box = upper[0] === 0 ? undefined : { lower, upper };
  return { grid, truePositives, falsePositives, falseNegatives, trueNegatives, box };
}

/** Number of voxels along each axis of a box. */
export function boxSize(box: Box): Triple {
  const { lower, upper } = box;
  return [upper[0] - lower[0], upper[1] - lower[1], upper[2] - lower[2]];
}

/** The foreground of a mask inside a box, as 0 and 1. */
export function cropped(data: ArrayLike<number>, size: Triple, box: Box): Uint8Array {
  const { lower, upper } = box;
  const [depth, height, width] = boxSize(box);
  const result = new Uint8Array(depth * height * width);
  let to = 0;
  for (let z = lower[0]; z < upper[0]; z++) {
    for (let y = lower[1]; y < upper[1]; y++) {
      let from = (z * size[1] + y) * size[2] + lower[2];
      for (let x = 0; x < width; x++) {
        result[to++] = data[from++] === 0 ? 0 : 1;
      }
    }
  }
  return result;
}
