import { expect, it } from 'vitest';
import { mirrored } from './mirrored.ts';
import type { SliceNetwork, SlicesShape } from './slice-network.ts';

/** Two channels in; out, of each pixel, its first channel times a weight of its place, and its second one as it is. */
function weighing(weights: readonly number[]): { network: SliceNetwork; seen: Float32Array[] } {
  const seen: Float32Array[] = [];
  const network: SliceNetwork = {
    infer: async (images) => {
      seen.push(images.slice());
      return images.map((value, at) => (at % 2 === 0 ? value * weights[(at / 2) % weights.length]! : value));
    },
    dispose: () => undefined,
  };
  return { network, seen };
}

it('takes the mean over rows, columns and both turned round, for each slice and channel', async () => {
  // Two slices of 2 × 3 pixels. A pixel meets the weights of its own place and of its three mirror images.
  const shape: SlicesShape = [2, 2, 3, 2];
  const weights = [1, 2, 3, 40, 50, 60];
  const images = Float32Array.from({ length: 24 }, (_, at) => (at % 2 === 0 ? at / 2 + 1 : 1000 + at));
  const { network, seen } = weighing(weights);
  const found = await mirrored(network).infer(images, shape);
  const corner = (1 + 3 + 40 + 60) / 4;
  const middle = (2 + 2 + 50 + 50) / 4;
  const means = [corner, middle, corner, corner, middle, corner];
  const expected = Array.from(images, (value, at) => (at % 2 === 0 ? value * means[(at / 2) % 6]! : value));
  expect(Array.from(found)).toEqual(expected);
  const first = (image: Float32Array | undefined): number[] => Array.from(image!).filter((_, at) => at % 2 === 0);
  expect(seen.map(first).map((one) => one.slice(0, 6))).toEqual([
    [1, 2, 3, 4, 5, 6],
    [4, 5, 6, 1, 2, 3],
    [3, 2, 1, 6, 5, 4],
    [6, 5, 4, 3, 2, 1],
  ]);
  expect(first(seen[3]).slice(6)).toEqual([12, 11, 10, 9, 8, 7]);
});

it('leaves what it was given as it is, even where the network gives it back', async () => {
  const same: SliceNetwork = { infer: async (images) => images, dispose: () => undefined };
  const images = Float32Array.of(1, 2, 3, 4);
  expect(Array.from(await mirrored(same).infer(images, [1, 2, 2, 1]))).toEqual([1, 2, 3, 4]);
  expect(Array.from(images)).toEqual([1, 2, 3, 4]);
});
