import type { AugmentedSlice } from '@interseg/data';
import { Canvas } from '../drawing/canvas.ts';
import { ink, palette, softInk, type Color } from '../drawing/colors.ts';
import { drawText, textWidth } from '../drawing/text.ts';

/** A slice as the network sees it, and augmented copies of it. */
export interface PreviewRow {
  caption: string;
  /** The slice, then its augmented copies. */
  panels: AugmentedSlice[];
}

/** The content of a preview. */
export interface Preview {
  /** Headings of the columns. */
  titles: string[];
  rows: PreviewRow[];
  /** The names of the classes. */
  classes: readonly string[];
  /** Whether intensities lie between 0 and 1; otherwise each row is shown in the range of its slice. */
  isBounded: boolean;
}

/** The outlines of the classes, in order. */
const outlines = [palette.amber, palette.blue, palette.magenta, palette.green, palette.orange, palette.violet];
const outlineColor = (index: number): Color => outlines[index % outlines.length]!;

const margin = 20;
const gap = 8;
const line = { title: 30, caption: 26, legend: 40 };

/** Draws a grid with one row per slice: the slice, then its augmented copies. Outlines follow the edges of mask pixels. */
export function drawPreview({ titles, rows, classes, isBounded }: Preview): Canvas {
  const [height, width] = rows[0]?.panels[0]?.size ?? [1, 1];
  // Whole pixels: interpolation would show what the network does not see.
  const scale = Math.max(1, Math.round(200 / Math.max(height, width)));
  const step = { x: width * scale + gap, y: line.caption + height * scale + gap };
  const legend = classes.reduce((sum, name) => sum + 36 + textWidth(name), 0);
  const canvas = new Canvas(
    2 * margin + Math.max(titles.length * step.x - gap, legend),
    2 * margin + line.title + rows.length * step.y + line.legend,
  );
  titles.forEach((title, index) => {
    drawText(canvas, title, margin + index * step.x, margin, { size: 15, width: width * scale });
  });
  rows.forEach(({ caption, panels }, row) => {
    const top = margin + line.title + row * step.y;
    drawText(canvas, caption, margin, top + 4, { color: softInk, size: 12, width: canvas.width - 2 * margin });
    const range = isBounded ? ([0, 1] as const) : findRange(panels[0]!);
    panels.forEach((panel, column) => {
      drawPanel(canvas, panel, { left: margin + column * step.x, top: top + line.caption, scale, range });
    });
  });
  let left = margin;
  const bottom = canvas.height - margin - 20;
  classes.forEach((name, index) => {
    canvas.fill(left, bottom, 16, 16, outlineColor(index));
    drawText(canvas, name, left + 22, bottom + 1, { color: ink });
    left += 36 + textWidth(name);
  });
  return canvas;
}

/** Draws the first channel with the outlines of all classes. Rows run upwards, so that front or head is at the top. */
function drawPanel(
  canvas: Canvas,
  { size: [height, width], image, channels, mask, classes }: AugmentedSlice,
  {
    left,
    top,
    scale,
    range: [low, high],
  }: { left: number; top: number; scale: number; range: readonly [number, number] },
): void {
  const isIn = (row: number, column: number, index: number): boolean =>
    row >= 0 && row < height && column >= 0 && column < width && mask[(row * width + column) * classes + index] === 1;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const value = (image[(row * width + column) * channels]! - low) / (high - low || 1);
      const gray = Math.round(255 * Math.min(1, Math.max(0, value)));
      const [x, y] = [left + column * scale, top + (height - 1 - row) * scale];
      canvas.fill(x, y, scale, scale, [gray, gray, gray]);
      for (let index = 0; index < classes; index++) {
        if (!isIn(row, column, index)) continue;
        const color = outlineColor(index);
        if (!isIn(row + 1, column, index)) canvas.fill(x, y, scale, 1, color);
        if (!isIn(row - 1, column, index)) canvas.fill(x, y + scale - 1, scale, 1, color);
        if (!isIn(row, column - 1, index)) canvas.fill(x, y, 1, scale, color);
        if (!isIn(row, column + 1, index)) canvas.fill(x + scale - 1, y, 1, scale, color);
      }
    }
  }
}

function findRange({ image, channels }: AugmentedSlice): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let index = 0; index < image.length; index += channels) {
    low = Math.min(low, image[index]!);
    high = Math.max(high, image[index]!);
  }
  return [low, high];
}
