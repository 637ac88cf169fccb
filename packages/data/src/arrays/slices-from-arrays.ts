import { OptionError } from '@interseg/errors';
import { augmentationPresets, type Augmentation } from '../augmentation/settings.ts';
import { createRandom } from '../random/random.ts';
import { assembleBatch } from '../slices/batches/assemble-batch.ts';
import { checkBatchSize, type Batch } from '../slices/batches/batches.ts';
import { epochOrder } from '../slices/batches/epoch-order.ts';
import type { BatchOptions } from '../slices/slice-source.ts';
import { readArrays, type ShapedArray, type SliceArrays } from './read-arrays.ts';

/** Options of {@link slicesFromArrays}. */
export interface ArraySlicesOptions {
  /**
   * The name of each slice's case, N of them, such as the patient's. Slices of one case are one volume in the Dice of
   * validation, and {@link ArraySlices.split} keeps them together. By default all slices are one volume, and any slice can
   * go to either side of a split: slices of one patient must not, if the result is to hold for others.
   */
  cases?: readonly string[];
  /**
   * How slices of {@link ArraySlices.batches} are augmented. Intensities stay in [0, 1] if all are. Defaults to not at all.
   */
  augmentation?: Augmentation;
}

/** All slices of a case. */
export interface ArrayCase {
  readonly id: string;
  /** S. */
  readonly slices: number;
  /** [S, H, W, C], row-major. */
  readonly images: Float32Array;
  /** [S, H, W, K], row-major, 0 or 1. */
  readonly masks: Uint8Array;
}

/** Slices of images and masks in memory: what `fit` of `@interseg/training` trains and validates on. */
export interface ArraySlices {
  /** N, the slices of an epoch. */
  readonly length: number;
  /** [H, W]. */
  readonly size: readonly [number, number];
  /** C. */
  readonly channels: number;
  /** K. */
  readonly classes: number;
  /**
   * The slices of an epoch, each once, in batches; the last one may be smaller. Order and augmentation depend on seed and
   * epoch alone.
   *
   * @throws OptionError when the batch size is not a whole number above 0
   */
  batches(options: BatchOptions): AsyncIterable<Batch>;
  /** Every case with all its slices, never augmented, in the order of the first slice of each. */
  cases(): AsyncIterable<ArrayCase>;
  /**
   * Draws cases for validation (slices, if no cases were named) and leaves the rest for training.
   *
   * @param fraction of the cases, above 0 and below 1; each side gets at least one
   * @param seed Decides the draw. Defaults to 0.
   * @throws OptionError when the fraction is out of range or there is only one case
   */
  split(fraction: number, seed?: number | string): { readonly train: ArraySlices; readonly validation: ArraySlices };
}

/**
 * Slices for training from images and masks in memory, in Node and in browsers. Images are taken as they are: scale them,
 * ideally to [0, 1], before. No slice is left out. The arrays are not copied if they are a `Float32Array` and a
 * `Uint8Array`; do not change them while you train.
 *
 * ```ts
 * const slices = await slicesFromArrays({ data, shape: [80, 96, 96, 1] }, { data: masks, shape: [80, 96, 96, 1] });
 * const { train, validation } = slices.split(0.2);
 * ```
 *
 * @param images `[N, H, W, C]`, or `[N, H, W]` for one channel: a typed array with its shape, or a tensor of TensorFlow.js,
 * which stays the caller's
 * @param masks `[N, H, W, K]`, or `[N, H, W]` for one class, 0 or 1: a channel for each class, as classes may overlap
 * @throws OptionError when shapes do not fit, an intensity is not finite, a mask is not 0 or 1, or `cases` are not N names
 */
export async function slicesFromArrays(
  images: ShapedArray,
  masks: ShapedArray,
  { cases, augmentation = augmentationPresets.none }: ArraySlicesOptions = {},
): Promise<ArraySlices> {
  const arrays = await readArrays(images, masks);
  if (cases && cases.length !== arrays.length) {
    throw new OptionError(`cases: found ${cases.length} names, expected ${arrays.length}: one for each slice.`);
  }
  return sourceOf(arrays, { cases, augmentation }, [...Array(arrays.length).keys()]);
}

/** The source of some of the slices of arrays. */
function sourceOf(
  arrays: SliceArrays,
  options: { cases?: readonly string[]; augmentation: Augmentation },
  chosen: readonly number[],
): ArraySlices {
  const { size, channels, classes } = arrays;
  const { cases } = options;
  const caseName = (slice: number): string => cases?.[slice] ?? `slice ${slice}`;
  return {
    length: chosen.length,
    size,
    channels,
    classes,
    batches({ batchSize, seed = 0, epoch = 0, shuffle = true }) {
      checkBatchSize(batchSize);
      const draw = { augmentation: options.augmentation, isBounded: arrays.isBounded, seed, epoch };
      // The numbers of slices in the arrays decide the draws of augmentation, however the arrays were split.
      const prepared = { ...arrays, id: 'arrays', pixel: [1, 1] as const };
      const groups = epochOrder([{ id: 'arrays', slices: chosen }], new Map(), Infinity, { seed, epoch, shuffle });
      const order = groups.flatMap((group) => group.order);
      async function* batches(): AsyncGenerator<Batch, void> {
        for (let from = 0; from < order.length; from += batchSize) {
          const parts = order.slice(from, from + batchSize).map((part) => ({ ...part, prepared }));
          const slices = parts.map(({ slice }) => slice);
          yield { ...assembleBatch(parts, draw), count: parts.length, cases: slices.map(caseName), slices };
        }
      }
      return batches();
    },
    async *cases() {
      for (const [id, slices] of groupSlices(chosen, (slice) => cases?.[slice] ?? 'all slices')) {
        const images = takeSlices(arrays.images, slices, arrays.length);
        const masks = takeSlices(arrays.masks, slices, arrays.length);
        yield { id, slices: slices.length, images, masks };
      }
    },
    split(fraction, seed = 0) {
      if (!(fraction > 0 && fraction < 1)) {
        throw new OptionError(`The validation fraction is ${fraction}, expected a number above 0 and below 1.`);
      }
      const units = [...groupSlices(chosen, caseName).values()];
      if (units.length < 2) {
        throw new OptionError(`Found ${units.length} case to split, expected at least two.`);
      }
      const order = createRandom(seed)
        .fork('split')
        .shuffle([...units.keys()]);
      const count = Math.min(units.length - 1, Math.max(1, Math.round(fraction * units.length)));
      const drawn = new Set(order.slice(0, count));
      const side = (isDrawn: boolean): ArraySlices => {
        const slices = units.flatMap((unit, index) => (drawn.has(index) === isDrawn ? unit : []));
        return sourceOf(arrays, options, slices);
      };
      return { train: side(false), validation: side(true) };
    },
  };
}

/** Slices by the name of their case. */
function groupSlices(slices: readonly number[], caseName: (slice: number) => string): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const slice of slices) {
    const name = caseName(slice);
    const group = groups.get(name);
    if (group) group.push(slice);
    else groups.set(name, [slice]);
  }
  return groups;
}

/** Some of the slices of a stack of `length`; a view where they follow one another. */
function takeSlices<T extends Float32Array | Uint8Array>(values: T, slices: readonly number[], length: number): T {
  const size = values.length / length;
  const first = slices[0]!;
  const part = (from: number, to: number): T => values.subarray(from * size, to * size) as T;
  if (slices.every((slice, index) => slice === first + index)) return part(first, first + slices.length);
  const Values = values instanceof Float32Array ? Float32Array : Uint8Array;
  const taken = new Values(slices.length * size) as T;
  slices.forEach((slice, index) => taken.set(part(slice, slice + 1), index * size));
  return taken;
}
