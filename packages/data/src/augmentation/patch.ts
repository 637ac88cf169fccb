import type { AugmentedSlice, SliceMask } from './warp.ts';

/** A rectangle of a slice. */
export interface Patch {
  /** The row and column of the slice where it begins. */
  readonly corner: readonly [number, number];
  /** [height, width]. */
  readonly size: readonly [number, number];
}

/** The pixels of a slice that a patch covers, without any change; the patch must lie in the slice. */
export function copyImage(
  { size: [, width], image, channels }: Pick<AugmentedSlice, 'size' | 'image' | 'channels'>,
  { corner: [top, left], size }: Patch,
  result = new Float32Array(size[0] * size[1] * channels),
  { first, step }: { first: number; step: number } = { first: 0, step: channels },
): Float32Array {
  for (let row = 0; row < size[0]; row++) {
    const from = ((top + row) * width + left) * channels;
    const to = first + row * size[1] * step;
    if (step === channels) {
      result.set(image.subarray(from, from + size[1] * channels), to);
      continue;
    }
    for (let column = 0; column < size[1]; column++) {
      for (let channel = 0; channel < channels; channel++) {
        result[to + column * step + channel] = image[from + column * channels + channel]!;
      }
    }
  }
  return result;
}

/** The mask of the pixels that a patch covers. */
export function copyMask(
  { size: [, width], mask, classes }: { size: readonly [number, number]; mask: SliceMask; classes: number },
  { corner: [top, left], size }: Patch,
): Float32Array {
  const result = new Float32Array(size[0] * size[1] * classes);
  for (let row = 0; row < size[0]; row++) {
    const from = ((top + row) * width + left) * classes;
    result.set(mask.subarray(from, from + size[1] * classes), row * size[1] * classes);
  }
  return result;
}
