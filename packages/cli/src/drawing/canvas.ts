import { PNG } from 'pngjs';
import { paper, type Color } from './colors.ts';

/** A white picture to draw on. Coordinates are pixels from the upper left corner; drawing outside has no effect. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  private readonly data: Uint8Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.data = new Uint8Array(width * height * 3);
    this.fill(0, 0, width, height, paper);
  }

  /** Mixes a colour into a pixel; with `opacity` 1 it replaces the pixel's colour. */
  mix(x: number, y: number, color: Color, opacity = 1): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = (y * this.width + x) * 3;
    for (let channel = 0; channel < 3; channel++) {
      const [before, wanted] = [this.data[at + channel]!, color[channel]!];
      this.data[at + channel] = Math.round(before + (wanted - before) * opacity);
    }
  }

  /** The colour of a pixel. */
  at(x: number, y: number): Color {
    const at = (y * this.width + x) * 3;
    return [this.data[at]!, this.data[at + 1]!, this.data[at + 2]!];
  }

  /** Fills a rectangle. */
  fill(left: number, top: number, width: number, height: number, color: Color): void {
    for (let y = top; y < top + height; y++) for (let x = left; x < left + width; x++) this.mix(x, y, color);
  }

  /** Draws a frame around a rectangle. */
  frame(left: number, top: number, width: number, height: number, color: Color, thickness = 1): void {
    const outer = width + 2 * thickness;
    this.fill(left - thickness, top - thickness, outer, thickness, color);
    this.fill(left - thickness, top + height, outer, thickness, color);
    this.fill(left - thickness, top, thickness, height, color);
    this.fill(left + width, top, thickness, height, color);
  }

  /** Encodes the picture as a PNG file. */
  png(): Buffer {
    const png = new PNG({ width: this.width, height: this.height });
    png.data = Buffer.from(this.data.buffer);
    return PNG.sync.write(png, { colorType: 2, inputColorType: 2, inputHasAlpha: false, bitDepth: 8 });
  }
}

/** Interpolates a grid of values linearly at a fractional position. */
export function bilinear(at: (column: number, row: number) => number, column: number, row: number): number {
  const [c, r] = [Math.floor(column), Math.floor(row)];
  const [dc, dr] = [column - c, row - r];
  const upper = at(c, r) * (1 - dc) + at(c + 1, r) * dc;
  const lower = at(c, r + 1) * (1 - dc) + at(c + 1, r + 1) * dc;
  return upper * (1 - dr) + lower * dr;
}
