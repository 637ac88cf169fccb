import { OptionError } from '@interseg/errors';

/**
 * Numbers with a shape, row-major (the last axis is the fastest): an array with its shape, or a tensor of TensorFlow.js.
 */
export interface ShapedArray {
  /** The extents, last axis fastest. */
  readonly shape: readonly number[];
  /** The values, or what gives them, as a tensor's `data`. */
  readonly data: ArrayLike<number> | (() => Promise<ArrayLike<number>>);
}

/** Images and masks in the form that batches are made from. */
export interface SliceArrays {
  /** N. */
  readonly length: number;
  /** [H, W]. */
  readonly size: readonly [number, number];
  /** C. */
  readonly channels: number;
  /** K. */
  readonly classes: number;
  /** [N, H, W, C], row-major, finite. */
  readonly images: Float32Array;
  /** [N, H, W, K], row-major, 0 or 1. */
  readonly masks: Uint8Array;
  /** Whether all intensities lie in [0, 1]. */
  readonly isBounded: boolean;
}

/**
 * Reads images and masks, and checks that they fit together.
 *
 * @throws OptionError when a shape or a value is not as expected
 */
export async function readArrays(images: ShapedArray, masks: ShapedArray): Promise<SliceArrays> {
  const [length, height, width, channels] = fourAxes('images', images);
  const maskShape = fourAxes('masks', masks);
  if ([length, height, width].some((extent, axis) => extent !== maskShape[axis])) {
    throw new OptionError(
      `masks: found the shape ${text(masks.shape)}, expected ${text([length, height, width, 'K'])} as images are ${text(images.shape)}.`,
    );
  }
  const [imageValues, maskValues] = await Promise.all([values('images', images), values('masks', masks)]);
  const pixels = height * width;
  return {
    length,
    size: [height, width],
    channels,
    classes: maskShape[3],
    ...finiteNumbers(imageValues, pixels * channels),
    masks: zerosAndOnes(maskValues, pixels * maskShape[3]),
  };
}

/** [N, H, W, C] of an array with three or four axes. */
function fourAxes(name: string, { shape }: ShapedArray): readonly [number, number, number, number] {
  const axes = shape.length === 3 ? [...shape, 1] : shape;
  if (axes.length !== 4 || !axes.every((extent) => Number.isInteger(extent) && extent > 0)) {
    const expected = name === 'images' ? '[N, H, W, C] or [N, H, W]' : '[N, H, W, K] or [N, H, W]';
    throw new OptionError(`${name}: found the shape ${text(shape)}, expected ${expected} with at least one slice.`);
  }
  return axes as unknown as readonly [number, number, number, number];
}

async function values(name: string, array: ShapedArray): Promise<ArrayLike<number>> {
  const found = typeof array.data === 'function' ? await array.data() : array.data;
  const expected = array.shape.reduce((product, extent) => product * extent, 1);
  if (found.length !== expected) {
    throw new OptionError(`${name}: found ${found.length} values, expected ${expected} for ${text(array.shape)}.`);
  }
  return found;
}

/** @param sliceSize values in a slice, to name the slice in errors */
function finiteNumbers(
  values: ArrayLike<number>,
  sliceSize: number,
): { readonly images: Float32Array; readonly isBounded: boolean } {
  const images = values instanceof Float32Array ? values : Float32Array.from(values);
  let isBounded = true;
  for (let index = 0; index < images.length; index++) {
    const value = images[index]!;
    if (!Number.isFinite(value)) {
      const slice = Math.floor(index / sliceSize);
      throw new OptionError(`images: found ${values[index]} in slice ${slice}, expected finite float32 numbers.`);
    }
    if (value < 0 || value > 1) isBounded = false;
  }
  return { images, isBounded };
}

/** @param sliceSize values in a slice, to name the slice in errors */
function zerosAndOnes(values: ArrayLike<number>, sliceSize: number): Uint8Array {
  for (let index = 0; index < values.length; index++) {
    if (values[index] === 0 || values[index] === 1) continue;
    const slice = Math.floor(index / sliceSize);
    throw new OptionError(`masks: found ${values[index]} in slice ${slice}, expected 0 or 1.`);
  }
  return values instanceof Uint8Array ? values : Uint8Array.from(values);
}

const text = (shape: readonly (number | string)[]): string => `[${shape.join(', ')}]`;
