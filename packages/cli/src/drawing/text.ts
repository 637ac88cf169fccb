import { bilinear, type Canvas } from './canvas.ts';
import { ink, type Color } from './colors.ts';
import { glyphHeight, findGlyph, type Glyph } from './glyphs.ts';

/** How text is drawn. */
export interface TextOptions {
  /** Height of capital letters in pixels. Defaults to 14. */
  size?: number;
  /** Defaults to {@link ink}. */
  color?: Color;
  /** Which part of the text is placed at `x`. Defaults to `left`. */
  align?: 'left' | 'middle' | 'right';
  /** Maximum width in pixels; longer text is cut and ends with an ellipsis. */
  width?: number;
}

/** Height of capital letters in dots. */
const capitals = 7;

/** The width of a text in pixels. */
export function textWidth(text: string, size = 14): number {
  const dots = [...text].reduce((sum, character) => sum + findGlyph(character).length + 1, -1);
  return Math.max(0, Math.ceil((dots * size) / capitals));
}

/** Draws a line of text; `y` is the top of its capital letters. */
export function drawText(canvas: Canvas, text: string, x: number, y: number, options: TextOptions = {}): void {
  const { size = 14, color = ink, align = 'left', width } = options;
  const fitting = width === undefined ? text : shorten(text, size, width);
  const offset = { left: 0, middle: 0.5, right: 1 }[align] * textWidth(fitting, size);
  const scale = size / capitals;
  let left = x - offset;
  for (const character of fitting) {
    const glyph = findGlyph(character);
    drawGlyph(canvas, glyph, left, y, scale, color);
    left += (glyph.length + 1) * scale;
  }
}

function shorten(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  let short = text;
  while (short !== '' && textWidth(`${short}…`, size) > width) short = short.slice(0, -1);
  return `${short}…`;
}

/**
 * Draws a glyph. Its dots are interpolated and thresholded a little below one half, so that neighbouring dots, even those that
 * touch only at a corner, merge into round strokes.
 */
function drawGlyph(canvas: Canvas, glyph: Glyph, left: number, top: number, scale: number, color: Color): void {
  const dot = (column: number, row: number): number => ((glyph[column] ?? 0) >> row) & (row < 0 ? 0 : 1);
  const start = Math.floor(left - scale);
  const end = Math.ceil(left + (glyph.length + 1) * scale);
  for (let y = Math.floor(top - scale); y < top + (glyphHeight + 1) * scale; y++) {
    for (let x = start; x < end; x++) {
      const value = bilinear(dot, (x + 0.5 - left) / scale - 0.5, (y + 0.5 - top) / scale - 0.5);
      const coverage = (value - 0.4) * scale + 0.5;
      if (coverage > 0) canvas.mix(x, y, color, Math.min(1, coverage));
    }
  }
}
