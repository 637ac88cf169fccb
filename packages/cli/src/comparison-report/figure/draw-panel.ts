import { bilinear, type Canvas } from '../../drawing/canvas.ts';
import { paper } from '../../drawing/colors.ts';
import type { DisplayWindow } from '../../slice-pictures/gray-image.ts';
import { outcomeColors } from './outcome.ts';

/** A slice of an image, in pixels and millimetres. */
export interface PanelImage {
  values: ArrayLike<number>;
  rows: number;
  columns: number;
  /** Millimetres from row to row and from column to column. */
  spacing: readonly [row: number, column: number];
  window: DisplayWindow;
}

/** A part of a slice, in millimetres from its upper left corner. */
export interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A rectangle on the canvas, in pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const overlayOpacity = 0.72;
/** Fraction of a panel's shorter side that an inset takes. */
const insetPart = 0.42;

/** Draws a part of a slice: the image and, over it, the outcomes if there are any. */
export function drawSlice(canvas: Canvas, box: Box, image: PanelImage, region: Region, outcomes?: Uint8Array): void {
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      const column = (region.left + ((x + 0.5) / box.width) * region.width) / image.spacing[1];
      const row = (region.top + ((y + 0.5) / box.height) * region.height) / image.spacing[0];
      const gray = grayAt(image, column - 0.5, row - 0.5);
      canvas.mix(box.left + x, box.top + y, [gray, gray, gray]);
      const outcome = outcomes?.[clamp(row, image.rows) * image.columns + clamp(column, image.columns)] ?? 0;
      if (outcome === 0) continue;
      canvas.mix(box.left + x, box.top + y, outcomeColors[outcome - 1]!, overlayOpacity);
    }
  }
}

/** A corner of a panel. */
export interface Corner {
  isRight: boolean;
  isLower: boolean;
}

/** Draws a magnified part of the slice in a corner of its panel, and frames both. */
export function drawInset(
  canvas: Canvas,
  box: Box,
  image: PanelImage,
  { region, outcomes, corner }: { region: Region; outcomes?: Uint8Array; corner: Corner },
): void {
  const scale = box.height / (image.rows * image.spacing[0]);
  const source: Box = {
    left: Math.round(box.left + region.left * scale),
    top: Math.round(box.top + region.top * scale),
    width: Math.round(region.width * scale),
    height: Math.round(region.height * scale),
  };
  canvas.frame(source.left, source.top, source.width, source.height, paper);
  const side = Math.round(insetPart * Math.min(box.width, box.height));
  const inset: Box = {
    left: corner.isRight ? box.left + box.width - side : box.left,
    top: corner.isLower ? box.top + box.height - side : box.top,
    width: side,
    height: side,
  };
  drawSlice(canvas, inset, image, region, outcomes);
  canvas.frame(inset.left + 2, inset.top + 2, side - 4, side - 4, paper, 2);
}

/**
 * Finds the corner where an inset hides least: above all not the magnified part, then as few pixels with an outcome in any of
 * the panels as possible. Among equals, the corner farthest from that part.
 */
export function insetCorner(image: PanelImage, region: Region, outcomes: readonly Uint8Array[]): Corner {
  const { rows, columns, spacing } = image;
  const [height, width] = [rows * spacing[0], columns * spacing[1]];
  // A little larger than the inset: whatever touches its edge is hard to see as well.
  const side = 1.12 * insetPart * Math.min(height, width);
  const costs = [true, false].flatMap((isLower) =>
    [true, false].map((isRight) => {
      const [left, top] = [isRight ? width - side : 0, isLower ? height - side : 0];
      const isInside = (x: number, y: number): boolean => x > left && x < left + side && y > top && y < top + side;
      let hidden = 0;
      for (let at = 0; at < rows * columns; at++) {
        const x = ((at % columns) + 0.5) * spacing[1];
        const y = (Math.floor(at / columns) + 0.5) * spacing[0];
        if (isInside(x, y)) hidden += outcomes.filter((panel) => panel[at] !== 0).length;
      }
      const overlap =
        Math.max(0, Math.min(left + side, region.left + region.width) - Math.max(left, region.left)) *
        Math.max(0, Math.min(top + side, region.top + region.height) - Math.max(top, region.top));
      const [middleX, middleY] = [region.left + region.width / 2, region.top + region.height / 2];
      const distance = Math.hypot(left + side / 2 - middleX, top + side / 2 - middleY);
      return { isRight, isLower, cost: [overlap, hidden, -distance] as const };
    }),
  );
  const isLess = (a: readonly number[], b: readonly number[]): boolean => {
    const index = a.findIndex((value, at) => value !== b[at]);
    return index >= 0 && a[index]! < b[index]!;
  };
  const { isRight, isLower } = costs.reduce((best, one) => (isLess(one.cost, best.cost) ? one : best));
  return { isRight, isLower };
}

/** A square around an object, twice as wide as the object where the slice has room. */
export function regionAround(
  { rows, columns }: { rows: readonly [number, number]; columns: readonly [number, number] },
  { spacing, ...image }: Pick<PanelImage, 'rows' | 'columns' | 'spacing'>,
): Region {
  const [height, width] = [image.rows * spacing[0], image.columns * spacing[1]];
  const extent = Math.max((rows[1] - rows[0] + 1) * spacing[0], (columns[1] - columns[0] + 1) * spacing[1]);
  const side = Math.min(Math.max(2 * extent, 8 * Math.min(...spacing)), 0.5 * Math.min(height, width));
  const start = ([first, last]: readonly [number, number], step: number, limit: number): number =>
    Math.min(Math.max(0, ((first + last + 1) / 2) * step - side / 2), limit - side);
  return {
    left: start(columns, spacing[1], width),
    top: start(rows, spacing[0], height),
    width: side,
    height: side,
  };
}

function grayAt({ values, rows, columns, window: { low, high } }: PanelImage, column: number, row: number): number {
  const at = (i: number, j: number): number => values[clamp(j, rows) * columns + clamp(i, columns)]!;
  const value = bilinear(at, column, row);
  return Math.round(Math.min(1, Math.max(0, (value - low) / (high - low || 1))) * 255);
}

function clamp(index: number, extent: number): number {
  return Math.min(extent - 1, Math.max(0, Math.floor(index)));
}
