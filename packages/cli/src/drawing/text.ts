import type { Canvas } from './canvas.ts';
import { ink, type Colour } from './colours.ts';
import { glyphHeight, glyphOf, type Glyph } from './glyphs.ts';

export interface TextOptions {
  /** Pixels from the top of capitals to the line; 14 unless told. */
  size?: number;
  colour?: Colour;
  /** Which part of the text is at `x`; `left` unless told. */
  align?: 'left' | 'middle' | 'right';
  /** Pixels that it may take; what does not fit ends with an ellipsis. */
  width?: number;
}

/** Dots from the top of capitals to the line. */
const capitals = 7;

/** How wide a text is, in pixels. */
export function textWidth(text: string, size = 14): number {
  const dots = [...text].reduce((sum, character) => sum + glyphOf(character).length + 1, -1);
  return Math.max(0, Math.ceil((dots * size) / capitals));
}

/** Writes a line of text whose capitals begin at `y`. */
export function drawText(canvas: Canvas, text: string, x: number, y: number, options: TextOptions = {}): void {
  const { size = 14, colour = ink, align = 'left', width } = options;
  const fitting = width === undefined ? text : shorten(text, size, width);
  const offset = { left: 0, middle: 0.5, right: 1 }[align] * textWidth(fitting, size);
  const scale = size / capitals;
  let left = x - offset;
  for (const character of fitting) {
    const glyph = glyphOf(character);
    drawGlyph(canvas, glyph, left, y, scale, colour);
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
 * Draws a letter: its dots are interpolated and cut off a little below the half, so that neighbours, also those that touch
 * by a corner only, grow together into round strokes.
 */
function drawGlyph(canvas: Canvas, glyph: Glyph, left: number, top: number, scale: number, colour: Colour): void {
  const dot = (column: number, row: number): number => ((glyph[column] ?? 0) >> row) & (row < 0 ? 0 : 1);
  const start = Math.floor(left - scale);
  const end = Math.ceil(left + (glyph.length + 1) * scale);
  for (let y = Math.floor(top - scale); y < top + (glyphHeight + 1) * scale; y++) {
    for (let x = start; x < end; x++) {
      const value = bilinear(dot, (x + 0.5 - left) / scale - 0.5, (y + 0.5 - top) / scale - 0.5);
      const coverage = (value - 0.4) * scale + 0.5;
      if (coverage > 0) canvas.mix(x, y, colour, Math.min(1, coverage));
    }
  }
}

function bilinear(at: (column: number, row: number) => number, column: number, row: number): number {
  const [c, r] = [Math.floor(column), Math.floor(row)];
  const [dc, dr] = [column - c, row - r];
  const upper = at(c, r) * (1 - dc) + at(c + 1, r) * dc;
  const lower = at(c, r + 1) * (1 - dc) + at(c + 1, r + 1) * dc;
  return upper * (1 - dr) + lower * dr;
}
