import type { LayersModel } from '@tensorflow/tfjs-layers';
import { mirrored } from '../networks/mirrored.ts';
import { sliceNetwork, type SliceNetwork } from '../networks/slice-network.ts';
import { tileStarts, tileWeights } from './tiles.ts';

/** How slices go through a network. */
export interface InferenceOptions {
  /** Slices, or tiles, per pass. */
  batchSize: number;
  /** Mean over the slice and its mirror images along rows, columns and both. */
  flips: boolean;
  /** Part that neighbouring tiles have in common, in [0, 1), where slices are larger than the network. */
  overlap: number;
  /** Ends the work before the next pass, with the signal's reason as the error. */
  signal?: AbortSignal;
  /** Called after each part of the slices with the number of those done so far. */
  onProgress?: (slices: number) => void;
}

/** Slices that may be larger than the network. */
export interface SliceStack {
  /** S. */
  slices: number;
  /** [H, W] of the slices. */
  size: readonly [number, number];
  /** C, of a slice. */
  channels: number;
  /** `[S, H, W, C]`, row-major. */
  images: Float32Array;
  /** The slices whose channels are the input for a slice, in order, as many for each. Defaults to the slice alone. */
  inputSlices?: (slice: number) => readonly number[];
}

/** Probabilities of some slices that follow one another. */
export interface InferredSlices {
  /** The index of the first one. */
  from: number;
  count: number;
  /** `[count, H, W, K]`, row-major. */
  probabilities: Float32Array;
}

/**
 * Probabilities of slices, `[S, H, W, K]`; slices that are larger than the network are covered with overlapping tiles, whose
 * probabilities are averaged by Gaussian weights. Leaves no tensor behind.
 *
 * @param tile `[H, W]` of what the network sees, at most those of the slices
 */
export async function inferSlices(
  model: LayersModel | SliceNetwork,
  stack: SliceStack,
  tile: readonly [number, number],
  classes: number,
  options: InferenceOptions,
): Promise<Float32Array> {
  const all = new Float32Array(stack.slices * stack.size[0] * stack.size[1] * classes);
  for await (const { from, count, probabilities } of inferInParts(model, stack, tile, classes, options)) {
    all.set(probabilities, from * (probabilities.length / count));
    options.onProgress?.(from + count);
  }
  return all;
}

/**
 * The probabilities of `inferSlices` a few slices at a time, so that those of a large case need not be in memory
 * together: as many as a batch has, and the rest at the end.
 *
 * @param tile `[H, W]` of what the network sees, at most those of the slices
 */
export async function* inferInParts(
  model: LayersModel | SliceNetwork,
  { slices, size, channels, images, inputSlices = (slice) => [slice] }: SliceStack,
  tile: readonly [number, number],
  classes: number,
  { batchSize, flips, overlap, signal }: InferenceOptions,
): AsyncGenerator<InferredSlices, void> {
  const network = flips ? mirrored(sliceNetwork(model)) : sliceNetwork(model);
  const places = tileStarts(size[0], tile[0], overlap).flatMap((top) =>
    tileStarts(size[1], tile[1], overlap).map((left) => top * size[1] + left),
  );
  // Where there is one tile, its weights would only round.
  const weights = places.length === 1 ? new Float32Array(tile[0] * tile[1]).fill(1) : tileWeights(...tile);
  const shape = { width: size[1], tile };
  const total = new Float32Array(size[0] * size[1]);
  const ones = new Float32Array(weights.length).fill(1);
  for (const place of places) addTile(total, ones, weights, { ...shape, place, depth: 1 });
  const pixels = size[0] * size[1];
  const tilePixels = tile[0] * tile[1];
  const depth = slices === 0 ? channels : channels * inputSlices(0).length;
  for (let from = 0; from < slices; from += batchSize) {
    const count = Math.min(batchSize, slices - from);
    const probabilities = new Float32Array(count * pixels * classes);
    // The tiles of all these slices in one list, so that batches are full, whatever the numbers of slices and tiles.
    const tiles = places.flatMap((place) => Array.from({ length: count }, (_, slice) => ({ slice, place })));
    for (let done = 0; done < tiles.length; done += batchSize) {
      if (signal) await nextTask(signal);
      const part = tiles.slice(done, done + batchSize);
      const input = new Float32Array(part.length * tilePixels * depth);
      part.forEach(({ slice, place }, i) => {
        inputSlices(from + slice).forEach((one, index) => {
          const image = images.subarray(one * pixels * channels, (one + 1) * pixels * channels);
          const target = input.subarray(i * tilePixels * depth + index * channels);
          copyTile(image, target, depth, { ...shape, place, depth: channels });
        });
      });
      const output = await network.infer(input, [part.length, ...tile, depth]);
      part.forEach(({ slice, place }, i) => {
        const values = output.subarray(i * tilePixels * classes, (i + 1) * tilePixels * classes);
        const target = probabilities.subarray(slice * pixels * classes, (slice + 1) * pixels * classes);
        addTile(target, values, weights, { ...shape, place, depth: classes });
      });
    }
    // The weight of a single tile is 1.
    if (places.length > 1) divideByWeights(probabilities, total, classes);
    yield { from, count, probabilities };
  }
}

/** Lets other tasks run, such as the one that aborts: engines may give their results without a pause. */
async function nextTask(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  signal.throwIfAborted();
}

/** @param total the sum of the weights of all tiles at each pixel of a slice */
function divideByWeights(probabilities: Float32Array, total: Float32Array, classes: number): void {
  for (let at = 0; at < probabilities.length;) {
    for (let pixel = 0; pixel < total.length; pixel++) {
      for (let k = 0; k < classes; k++, at++) probabilities[at]! /= total[pixel]!;
    }
  }
}

/** A tile of a slice. */
interface TilePlace {
  /** The columns of the slice. */
  width: number;
  tile: readonly [number, number];
  /** The pixel of the slice where the tile begins. */
  place: number;
  /** Values per pixel. */
  depth: number;
}

/** @param step values from one pixel to the next in `target` */
function copyTile(
  slice: Float32Array,
  target: Float32Array,
  step: number,
  { width, tile, place, depth }: TilePlace,
): void {
  for (let row = 0; row < tile[0]; row++) {
    const start = (place + row * width) * depth;
    const to = row * tile[1] * step;
    if (step === depth) {
      target.set(slice.subarray(start, start + tile[1] * depth), to);
      continue;
    }
    for (let column = 0; column < tile[1]; column++) {
      for (let k = 0; k < depth; k++) target[to + column * step + k] = slice[start + column * depth + k]!;
    }
  }
}

function addTile(
  slice: Float32Array,
  values: Float32Array,
  weights: Float32Array,
  { width, tile, place, depth }: TilePlace,
): void {
  let [pixel, from] = [0, 0];
  for (let row = 0; row < tile[0]; row++) {
    let to = (place + row * width) * depth;
    for (let column = 0; column < tile[1]; column++, pixel++) {
      const weight = weights[pixel]!;
      for (let k = 0; k < depth; k++, from++, to++) slice[to]! += weight * values[from]!;
    }
  }
}
