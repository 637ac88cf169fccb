/**
 * Where each pixel of a warped slice comes from: for every pixel, row by row, the row and the column in the original
 * slice, in pixels from the centre of its first pixel. Positions outside are allowed; the value there is 0. The result may
 * have more or fewer pixels than the slice.
 */
export interface Warp {
  readonly rows: Float64Array;
  readonly columns: Float64Array;
}

/** [H, W, K], 0 or 1. */
export type SliceMask = Float32Array | Uint8Array;

/** An image and its mask, both row-major with channels (classes) last. */
export interface AugmentedSlice {
  /** [height, width]. */
  readonly size: readonly [number, number];
  /** [H, W, C]. */
  readonly image: Float32Array;
  readonly channels: number;
  /**
   * How many neighbouring slices stand side by side in the channels (all channels of the first one, then those of the
   * next): they are changed alike, and only noise differs. Defaults to 1.
   */
  readonly contextSlices?: number;
  /** [H, W, K], 0 or 1. */
  readonly mask: Float32Array;
  readonly classes: number;
}

/**
 * Applies a warp to a slice's image, with linear interpolation between the four pixels around each position.
 *
 * @param result takes the channels of each pixel; must be 0
 * @param at the element of the first pixel in `result`, and the elements from one pixel to the next
 * @returns `result`
 */
export function warpImage(
  { size: [height, width], image, channels }: Pick<AugmentedSlice, 'size' | 'image' | 'channels'>,
  { rows, columns }: Warp,
  result = new Float32Array(rows.length * channels),
  { first: start, step }: { first: number; step: number } = { first: 0, step: channels },
): Float32Array {
  for (let pixel = 0; pixel < rows.length; pixel++) {
    const row = rows[pixel]!;
    const column = columns[pixel]!;
    const top = Math.floor(row);
    const left = Math.floor(column);
    if (top < -1 || left < -1 || top >= height || left >= width) continue;
    const down = row - top;
    const right = column - left;
    const hasTop = top >= 0;
    const hasBottom = top + 1 < height;
    const hasLeft = left >= 0;
    const hasRight = left + 1 < width;
    const first = (top * width + left) * channels;
    for (let channel = 0; channel < channels; channel++) {
      const at = first + channel;
      let value = 0;
      if (hasTop && hasLeft) value += (1 - down) * (1 - right) * image[at]!;
      if (hasTop && hasRight) value += (1 - down) * right * image[at + channels]!;
      if (hasBottom && hasLeft) value += down * (1 - right) * image[at + width * channels]!;
      if (hasBottom && hasRight) value += down * right * image[at + (width + 1) * channels]!;
      result[start + pixel * step + channel] = value;
    }
  }
  return result;
}

/** Applies a warp to a slice's mask, by the pixel whose centre is nearest to each position. */
export function warpMask(
  { size: [height, width], mask, classes }: { size: readonly [number, number]; mask: SliceMask; classes: number },
  { rows, columns }: Warp,
): Float32Array {
  const result = new Float32Array(rows.length * classes);
  for (let pixel = 0; pixel < rows.length; pixel++) {
    const row = Math.round(rows[pixel]!);
    const column = Math.round(columns[pixel]!);
    if (row < 0 || column < 0 || row >= height || column >= width) continue;
    const source = (row * width + column) * classes;
    for (let index = 0; index < classes; index++) result[pixel * classes + index] = mask[source + index]!;
  }
  return result;
}
