import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { Canvas } from './canvas.ts';
import { findGlyph } from './glyphs.ts';
import { drawText, textWidth } from './text.ts';

const black = [0, 0, 0] as const;

describe('canvas', () => {
  it('is white, mixes colours and becomes a PNG', () => {
    const canvas = new Canvas(3, 2);
    canvas.mix(1, 0, [100, 0, 255], 0.5);
    canvas.mix(9, 9, black);
    const png = PNG.sync.read(canvas.png());
    expect([png.width, png.height]).toEqual([3, 2]);
    expect([...png.data.subarray(0, 8)]).toEqual([255, 255, 255, 255, 178, 128, 255, 255]);
  });

  it('draws frames around a rectangle', () => {
    const canvas = new Canvas(4, 4);
    canvas.frame(1, 1, 2, 2, black);
    const row = (y: number): number[] => [0, 1, 2, 3].map((x) => canvas.at(x, y)[0]);
    expect([row(0), row(1)]).toEqual([
      [0, 0, 0, 0],
      [0, 255, 255, 0],
    ]);
  });
});

describe('text', () => {
  it('has a distinct glyph for every printable character', () => {
    const characters = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
    expect(new Set([...characters, ...'×·–…±²³'].map((character) => findGlyph(character).join())).size).toBe(101);
    expect(findGlyph('é')).toEqual(findGlyph('e'));
    expect(findGlyph('漢')).toEqual(findGlyph('?'));
  });

  it('draws the dots of a letter', () => {
    // Twice as large: the bar of T in the upper two rows, its stem in the middle two columns.
    const canvas = new Canvas(14, 18);
    drawText(canvas, 'T', 2, 2, { size: 14, color: black });
    const dark = (x: number, y: number): boolean => canvas.at(x, y)[0] < 128;
    expect([dark(2, 3), dark(6, 3), dark(6, 14), dark(7, 14)]).toEqual([true, true, true, true]);
    expect([dark(2, 14), dark(11, 14), dark(6, 17)]).toEqual([false, false, false]);
  });

  it('is shortened to the available width', () => {
    const ink = (text: string, width?: number): number => {
      const canvas = new Canvas(200, 20);
      drawText(canvas, text, 0, 2, { width });
      return Math.max(...Array.from({ length: 200 }, (_, x) => (columnIsDark(canvas, x) ? x : 0)));
    };
    expect(ink('a long name of a case')).toBeGreaterThan(100);
    expect(ink('a long name of a case', 60)).toBeLessThanOrEqual(60);
    expect(textWidth('ii', 7)).toBe(3 + 1 + 3);
  });
});

function columnIsDark(canvas: Canvas, x: number): boolean {
  return Array.from({ length: canvas.height }, (_, y) => canvas.at(x, y)[0]).some((value) => value < 128);
}
