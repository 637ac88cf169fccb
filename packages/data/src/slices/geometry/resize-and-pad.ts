import { axisResampling, resampleImage, type AxisResampling } from './resampling.ts';
import type { CompleteSliceSettings } from '../slice-settings.ts';

/**
 * The transform that fits slices of one size to another, and its inverse. A slice is resampled to a spacing and resized by
 * one factor for both axes, in one step, then centred and padded with zeros or cropped (of an odd number of rows or
 * columns, the larger half comes last). The inverse removes the padding, fills what was cropped with zeros, and resizes to
 * the grid of the slice, so that every pixel lands where it came from. If nothing was resized, it is exact.
 */
export interface ResizeAndPad {
  /** The slice: [rows, columns]. */
  readonly from: readonly [number, number];
  /** The prepared slice: [height, width]; the size, or more where larger slices are seen in patches. */
  readonly to: readonly [number, number];
  /** The resized slice, before padding or cropping: [rows, columns]. */
  readonly inner: readonly [number, number];
  /** The first row and column of the resized slice in `to`; negative if it is cropped. */
  readonly margin: readonly [number, number];
  /** The weights that resize an image: `area` if it shrinks, `linear` if it grows. */
  readonly image: readonly [AxisResampling, AxisResampling];
  /** The weights that resize a mask: `nearest`. */
  readonly mask: readonly [AxisResampling, AxisResampling];
  /** The weights that resize probabilities back: `area` if they shrink, `linear` if they grow. */
  readonly inverse: readonly [AxisResampling, AxisResampling];
}

/**
 * The transform for slices of a size.
 *
 * @param from [rows, columns] of a slice
 * @param spacing millimetres between its rows and between its columns
 */
export function createResizeAndPad(
  from: readonly [number, number],
  { size, resizing, spacing: wanted }: Pick<CompleteSliceSettings, 'size' | 'resizing' | 'spacing'>,
  spacing: readonly [number, number],
): ResizeAndPad {
  const own = [0, 1].map((axis) => (wanted === undefined ? from[axis]! : (from[axis]! * spacing[axis]!) / wanted));
  const largest = Math.min(size[0] / own[0]!, size[1] / own[1]!);
  const factor = { fit: largest, shrink: Math.min(1, largest), crop: 1, patch: 1 }[resizing];
  const extent = (axis: 0 | 1): number => {
    const rounded = Math.max(1, Math.round(own[axis]! * factor));
    return resizing === 'crop' || resizing === 'patch' ? rounded : Math.min(size[axis], rounded);
  };
  const isWhole = resizing === 'patch';
  const inner: [number, number] = [extent(0), extent(1)];
  const prepared = (axis: 0 | 1): number => (isWhole ? Math.max(size[axis], inner[axis]) : size[axis]);
  const to: [number, number] = [prepared(0), prepared(1)];
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
 * Transforms an image and writes it into one channel of `target`, which must be 0 elsewhere.
 *
 * @param slice `from[0] × from[1]` values, row-major
 * @param offset the element of the first pixel in `target`
 * @param step elements from one pixel to the next in `target`
 */
export function transformChannel(
  transform: ResizeAndPad,
  slice: Float32Array,
  target: Float32Array,
  offset: number,
  step: number,
): void {
  const resized = isResized(transform) ? resampleImage(slice, ...transform.from, ...transform.image) : slice;
  forEachInnerRow(transform, (inner, pixel, count) => {
    for (let k = 0, at = offset + pixel * step; k < count; k++, at += step) target[at] = resized[inner + k]!;
  });
}

/** For each pixel of the resized mask, the index of its pixel in the slice: `inner[0] × inner[1]` indices. */
export function maskSources(transform: ResizeAndPad): Int32Array {
  const [rows, columns] = transform.mask;
  const sources = new Int32Array(transform.inner[0] * transform.inner[1]);
  forEachInner(transform, (inner) => {
    const row = Math.floor(inner / transform.inner[1]);
    sources[inner] = rows.first[row]! * transform.from[1] + columns.first[inner % transform.inner[1]]!;
  });
  return sources;
}

/** Transforms one channel of the network's output back to the grid of the slice: `from[0] × from[1]` values. */
export function invertChannel(
  transform: ResizeAndPad,
  source: Float32Array,
  offset: number,
  step: number,
): Float32Array {
  const inner = new Float32Array(transform.inner[0] * transform.inner[1]);
  forEachInnerRow(transform, (index, pixel, count) => {
    for (let k = 0, at = offset + pixel * step; k < count; k++, at += step) inner[index + k] = source[at]!;
  });
  return isResized(transform) ? resampleImage(inner, ...transform.inner, ...transform.inverse) : inner;
}

/** Visits the pixels of the resized slice that the network sees, with their index in the slice and in the input. */
export function forEachInner(transform: ResizeAndPad, visit: (inner: number, pixel: number) => void): void {
  forEachInnerRow(transform, (inner, pixel, count) => {
    for (let column = 0; column < count; column++) visit(inner + column, pixel + column);
  });
}

/** Visits these pixels row by row: where a row begins in the slice and in the input, and how many pixels it has. */
function forEachInnerRow(transform: ResizeAndPad, visit: (inner: number, pixel: number, count: number) => void): void {
  const [rows, columns] = transform.inner;
  const [top, left] = transform.margin;
  const [height, width] = transform.to;
  for (let row = Math.max(0, -top); row < Math.min(rows, height - top); row++) {
    const first = Math.max(0, -left);
    const count = Math.min(columns, width - left) - first;
    if (count > 0) visit(row * columns + first, (row + top) * width + left + first, count);
  }
}

function isResized({ from, inner }: ResizeAndPad): boolean {
  return from[0] !== inner[0] || from[1] !== inner[1];
}
