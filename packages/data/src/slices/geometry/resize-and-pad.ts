import { axisResampling, resampleImage, type AxisResampling } from './resampling.ts';
import type { CompleteSliceSettings } from '../slice-settings.ts';

/**
 * How slices of one size are fitted to another and back: resampled to a spacing and resized by one factor for both axes, all
 * in one step, then centred between zeros or cut to the middle (of an odd number of rows or columns the larger half comes
 * after). The way back crops the zeros, puts zeros where was cut, and resizes to the slice's own grid, so that every pixel
 * lands where it came from; without a change of size it is exact.
 */
export interface ResizeAndPad {
  /** The slice's own [rows, columns]. */
  readonly from: readonly [number, number];
  /** What the network sees: [height, width]. */
  readonly to: readonly [number, number];
  /** The resized slice inside `to`: [rows, columns]. */
  readonly inner: readonly [number, number];
  /** Where it starts; before the first row or column when it is cut. */
  readonly margin: readonly [number, number];
  /** An image to its inner size: the mean over the area when it shrinks, linear when it grows. */
  readonly image: readonly [AxisResampling, AxisResampling];
  /** A mask to its inner size: nearest neighbour. */
  readonly mask: readonly [AxisResampling, AxisResampling];
  /** Probabilities from the inner size to the slice's own grid: linear when they grow, the mean when they shrink. */
  readonly inverse: readonly [AxisResampling, AxisResampling];
}

/**
 * The transform from slices of `from` to `to`, both [rows, columns].
 *
 * @param spacing millimetres between the slice's own rows and columns
 */
export function createResizeAndPad(
  from: readonly [number, number],
  { size: to, resizing, spacing: wanted }: Pick<CompleteSliceSettings, 'size' | 'resizing' | 'spacing'>,
  spacing: readonly [number, number],
): ResizeAndPad {
  const own = [0, 1].map((axis) => (wanted === undefined ? from[axis]! : (from[axis]! * spacing[axis]!) / wanted));
  const largest = Math.min(to[0] / own[0]!, to[1] / own[1]!);
  const factor = { fit: largest, shrink: Math.min(1, largest), crop: 1 }[resizing];
  const extent = (axis: 0 | 1): number => {
    const rounded = Math.max(1, Math.round(own[axis]! * factor));
    return resizing === 'crop' ? rounded : Math.min(to[axis], rounded);
  };
  const inner: [number, number] = [extent(0), extent(1)];
  const smooth = (source: number, target: number): AxisResampling =>
    axisResampling(source, target, target < source ? 'area' : 'linear');
  return {
    from,
    to,
    inner,
    margin: [Math.floor((to[0] - inner[0]) / 2), Math.floor((to[1] - inner[1]) / 2)],
    image: [smooth(from[0], inner[0]), smooth(from[1], inner[1])],
    mask: [axisResampling(from[0], inner[0], 'nearest'), axisResampling(from[1], inner[1], 'nearest')],
    inverse: [smooth(inner[0], from[0]), smooth(inner[1], from[1])],
  };
}

/**
 * Writes a fitted image into one channel of `target`, which is zero elsewhere.
 *
 * @param slice `from[0] × from[1]` values, row by row
 * @param offset the element of `target` that is the first pixel's
 * @param step elements from one pixel to the next
 */
export function transformChannel(
  transform: ResizeAndPad,
  slice: Float32Array,
  target: Float32Array,
  offset: number,
  step: number,
): void {
  const resized = isResized(transform) ? resampleImage(slice, ...transform.from, ...transform.image) : slice;
  forEachInner(transform, (inner, pixel) => {
    target[offset + pixel * step] = resized[inner]!;
  });
}

/** The pixels of the slice itself that the fitted pixels of a mask are taken from: `inner[0] × inner[1]` indices. */
export function maskSources(transform: ResizeAndPad): Int32Array {
  const [rows, columns] = transform.mask;
  const sources = new Int32Array(transform.inner[0] * transform.inner[1]);
  forEachInner(transform, (inner) => {
    const row = Math.floor(inner / transform.inner[1]);
    sources[inner] = rows.first[row]! * transform.from[1] + columns.first[inner % transform.inner[1]]!;
  });
  return sources;
}

/** One channel of what the network gave for a slice, on the slice's own grid: `from[0] × from[1]` values. */
export function invertChannel(
  transform: ResizeAndPad,
  source: Float32Array,
  offset: number,
  step: number,
): Float32Array {
  const inner = new Float32Array(transform.inner[0] * transform.inner[1]);
  forEachInner(transform, (index, pixel) => {
    inner[index] = source[offset + pixel * step]!;
  });
  return isResized(transform) ? resampleImage(inner, ...transform.inner, ...transform.inverse) : inner;
}

/** Visits the pixels of the inner image that the network sees: their index in it and in the whole. */
export function forEachInner(transform: ResizeAndPad, visit: (inner: number, pixel: number) => void): void {
  const [rows, columns] = transform.inner;
  const [top, left] = transform.margin;
  const [height, width] = transform.to;
  for (let row = Math.max(0, -top); row < Math.min(rows, height - top); row++) {
    const start = (row + top) * width + left;
    for (let column = Math.max(0, -left); column < Math.min(columns, width - left); column++) {
      visit(row * columns + column, start + column);
    }
  }
}

function isResized({ from, inner }: ResizeAndPad): boolean {
  return from[0] !== inner[0] || from[1] !== inner[1];
}
