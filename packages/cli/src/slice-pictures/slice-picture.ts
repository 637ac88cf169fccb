import type { ClassDefinition } from '@interseg/data';
import { traceContours } from './contours.ts';
import type { DisplayView } from './display-view.ts';
import { grayImage, type DisplayWindow } from './gray-image.ts';

/** The outlines of one class in a slice, as an SVG path in millimetres. */
export interface Outline {
  kind: 'reference' | 'prediction';
  name: string;
  path: string;
}

/** A slice with outlines of the reference and the prediction. Lengths are in millimetres. */
export interface SlicePicture {
  /** A PNG as a data URI. */
  image: string;
  width: number;
  height: number;
  outlines: Outline[];
  /** The part to magnify, where the outlines are small. */
  detail?: { x: number; y: number; size: number };
  /** Counted from 1. */
  slice: number;
  slices: number;
  /** Dice of each class that occurs in this slice. */
  dice: { name: string; value: number }[];
}

/** What the pictures of a case are made from: voxels on one grid, and how to view them. */
export interface PictureSource {
  view: DisplayView;
  image: Float32Array;
  reference: Parameters<DisplayView['slice']>[0];
  /** Absent when there is only a reference to show. */
  prediction?: Parameters<DisplayView['slice']>[0];
  classes: readonly ClassDefinition[];
  window: DisplayWindow;
}

/** Makes the picture of one slice. */
export function slicePicture(source: PictureSource, index: number): SlicePicture {
  const { view, image, reference, prediction, classes, window } = source;
  const { rows, columns, spacing, slices } = view;
  const pixel = [spacing[2], spacing[1]] as const;
  const masks = (data: PictureSource['reference']) => {
    const labels = view.slice(data, index);
    return classes.map(({ values }) => Uint8Array.from(labels, (value) => (values.includes(value) ? 1 : 0)));
  };
  const [truth, predicted] = [masks(reference), prediction ? masks(prediction) : []];
  const outlines = (kind: Outline['kind'], all: readonly Uint8Array[]): Outline[] =>
    all
      .map((data, c) => ({ kind, name: classes[c]?.name ?? '', path: outlinePath(data, rows, columns, pixel) }))
      .filter(({ path }) => path !== '');
  const dice = predicted
    .map((data, c) => ({ name: classes[c]?.name ?? '', value: sliceDice(truth[c] as Uint8Array, data) }))
    .filter(({ value }) => !Number.isNaN(value));
  return {
    image: grayImage(view.slice(image, index), columns, rows, window),
    width: columns * pixel[0],
    height: rows * pixel[1],
    // The reference first, so that the narrower lines of the prediction lie on its wider ones.
    outlines: [...outlines('reference', truth), ...outlines('prediction', predicted)],
    detail: findDetail([...truth, ...predicted], rows, columns, pixel),
    slice: index + 1,
    slices,
    dice,
  };
}

function outlinePath(data: Uint8Array, rows: number, columns: number, [dx, dy]: readonly [number, number]): string {
  const text = (value: number): string => String(Math.round(value * 100) / 100);
  return traceContours({ data, rows, columns })
    .map((points) => `M${points.map(([x, y]) => `${text(x * dx)} ${text(y * dy)}`).join('L')}Z`)
    .join('');
}

/** Dice of two binary masks; NaN when both are empty. */
function sliceDice(a: Uint8Array, b: Uint8Array): number {
  let [both, sum] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    both += a[i]! & b[i]!;
    sum += a[i]! + b[i]!;
  }
  return (2 * both) / sum;
}

/** A square around all outlines with a margin; `undefined` if that would be most of the slice. */
function findDetail(
  masks: readonly Uint8Array[],
  rows: number,
  columns: number,
  [dx, dy]: readonly [number, number],
): SlicePicture['detail'] {
  let [left, right, top, bottom] = [columns, -1, rows, -1];
  for (const mask of masks) {
    for (let at = mask.indexOf(1); at >= 0; at = mask.indexOf(1, at + 1)) {
      const [row, column] = [Math.floor(at / columns), at % columns];
      [left, right] = [Math.min(left, column), Math.max(right, column)];
      [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
    }
  }
  if (right < 0) return undefined;
  const [width, height] = [columns * dx, rows * dy];
  const extent = Math.max((right - left + 1) * dx, (bottom - top + 1) * dy);
  const size = Math.max(1.5 * extent, 16 * Math.min(dx, dy));
  if (size > 0.7 * Math.min(width, height)) return undefined;
  const start = (from: number, to: number, limit: number): number =>
    Math.min(Math.max(0, (from + to + 1) / 2 - size / 2), limit - size);
  return { x: start(left * dx, right * dx, width), y: start(top * dy, bottom * dy, height), size };
}
