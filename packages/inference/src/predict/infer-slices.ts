import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { tileStarts, tileWeights } from './tiles.ts';

/** How slices go through a network. */
export interface InferenceOptions {
  /** Slices, or tiles, per pass. */
  batchSize: number;
  /** Mean over the slice and its mirror images along rows, columns and both. */
  flips: boolean;
  /** Part that neighbouring tiles have in common, in [0, 1), where slices are larger than the network. */
  overlap: number;
}

/** Slices that may be larger than the network. */
export interface SliceStack {
  slices: number;
  /** [H, W] of the slices. */
  size: readonly [number, number];
  channels: number;
  /** `[S, H, W, C]`. */
  images: Float32Array;
}

/**
 * Probabilities of slices, `[S, H, W, K]`; slices that are larger than the network are covered with overlapping tiles, whose
 * probabilities are averaged by Gaussian weights. Leaves no tensor behind.
 *
 * @param tile `[H, W]` of what the network sees
 */
export async function inferSlices(
  model: LayersModel,
  { slices, size: [height, width], channels, images }: SliceStack,
  tile: readonly [number, number],
  classes: number,
  options: InferenceOptions,
): Promise<Float32Array> {
  const [tileHeight, tileWidth] = tile;
  const weights = tileWeights(tileHeight, tileWidth);
  const stack = new Float32Array(slices * height * width * classes);
  const total = new Float32Array(height * width);
  const tilePixels = tileHeight * tileWidth;
  for (const top of tileStarts(height, tileHeight, options.overlap)) {
    for (const left of tileStarts(width, tileWidth, options.overlap)) {
      forEachPixel((pixel, inTile) => (total[pixel]! += weights[inTile]!));
      for (let from = 0; from < slices; from += options.batchSize) {
        const count = Math.min(options.batchSize, slices - from);
        const input = new Float32Array(count * tilePixels * channels);
        for (let i = 0; i < count; i++) {
          const slice = (from + i) * height * width;
          forEachPixel((pixel, inTile) => {
            const source = (slice + pixel) * channels;
            input.set(images.subarray(source, source + channels), (i * tilePixels + inTile) * channels);
          });
        }
        const output = await infer(model, input, [count, tileHeight, tileWidth, channels], options.flips);
        for (let i = 0; i < count; i++) {
          const slice = (from + i) * height * width;
          forEachPixel((pixel, inTile) => {
            for (let k = 0; k < classes; k++) {
              const value = output[(i * tilePixels + inTile) * classes + k]!;
              stack[(slice + pixel) * classes + k]! += value * weights[inTile]!;
            }
          });
        }
      }

      function forEachPixel(visit: (pixel: number, inTile: number) => void): void {
        for (let row = 0; row < tileHeight; row++) {
          for (let column = 0; column < tileWidth; column++) {
            visit((top + row) * width + left + column, row * tileWidth + column);
          }
        }
      }
    }
  }
  for (let i = 0; i < stack.length; i++) stack[i]! /= total[Math.floor(i / classes) % total.length]!;
  return stack;
}

async function infer(
  model: LayersModel,
  input: Float32Array,
  shape: [number, number, number, number],
  flips: boolean,
): Promise<Float32Array> {
  const output = tf.tidy(() => {
    const image = tf.tensor(input, shape);
    const apply = (one: Tensor): Tensor => model.apply(one, { training: false }) as Tensor;
    if (!flips) return apply(image);
    const mirrored = [[1], [2], [1, 2]].map((axes) => tf.reverse(apply(tf.reverse(image, axes)), axes));
    return tf.div(tf.addN([apply(image), ...mirrored]), 4);
  });
  const values = (await output.data()) as Float32Array;
  output.dispose();
  return values;
}
