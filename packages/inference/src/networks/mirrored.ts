import type { SliceNetwork, SlicesShape } from './slice-network.ts';

/** A network that takes the mean over each slice and its mirror images along rows, columns and both. */
export function mirrored(network: SliceNetwork): SliceNetwork {
  return {
    async infer(images, shape) {
      const [slices, height, width] = shape;
      // Copied, as a network that changes nothing may give back what it was given.
      const sum = (await network.infer(images, shape)).slice();
      const outputShape = [slices, height, width, sum.length / (slices * height * width)] as const;
      for (const [rows, columns] of [
        [true, false],
        [false, true],
        [true, true],
      ] as const) {
        const flipped = await network.infer(flip(images, shape, rows, columns), shape);
        const probabilities = flip(flipped, outputShape, rows, columns);
        for (let at = 0; at < sum.length; at++) sum[at]! += probabilities[at]!;
      }
      for (let at = 0; at < sum.length; at++) sum[at]! /= 4;
      return sum;
    },
    dispose: () => network.dispose(),
  };
}

/** The mirror image of each slice, with the order of rows, of columns or of both turned round. */
function flip(
  values: Float32Array,
  [slices, height, width, depth]: SlicesShape,
  rows: boolean,
  columns: boolean,
): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < slices * height; row++) {
    const slice = Math.floor(row / height);
    const from = rows ? (2 * slice + 1) * height - 1 - row : row;
    for (let column = 0; column < width; column++) {
      const source = (from * width + (columns ? width - 1 - column : column)) * depth;
      const target = (row * width + column) * depth;
      for (let k = 0; k < depth; k++) result[target + k] = values[source + k]!;
    }
  }
  return result;
}
