import type { CaseVolume } from '@interseg/data';
import { scalingAffine } from '@interseg/nifti';
import { describe, expect, it } from 'vitest';
import { displayView } from '../../slice-pictures/display-view.ts';
import { chooseRows } from './choose-rows.ts';
import { drawFigure } from './draw-figure.ts';
import { insetCorner, regionAround } from './draw-panel.ts';
import { findSmallestObject } from './find-object.ts';
import { classifyPixels, outcomeColors } from './outcome.ts';

describe('outcomes', () => {
  it('are true and false positives, false negatives and wrong classes', () => {
    expect([...classifyPixels([0, 0, 1, 1, 1], [0, 2, 1, 0, 2])]).toEqual([0, 2, 1, 3, 4]);
  });
});

describe('choice of rows', () => {
  it('takes the smallest objects first, then others from the worst to the best', () => {
    const candidates = [
      ['a', 500, 0.9],
      ['b', 20, 0.5],
      ['c', 900, 0.1],
      ['d', 30, 0.6],
      ['e', 600, 0.4],
      ['f', 800, 0.7],
      ['g', undefined, 0],
    ] as const;
    const rows = chooseRows(
      candidates.map(([id, smallest, dice]) => ({ id, smallest, dice })),
      4,
    );
    // Of a, c, e, f the worst and the best.
    expect(rows.map(({ id }) => id)).toEqual(['b', 'd', 'c', 'a']);
  });
});

describe('smallest object', () => {
  const shape: [number, number, number] = [8, 8, 3];
  const spacing: [number, number, number] = [1, 2, 5];
  const volumeWith = (...voxels: [x: number, y: number, z: number][]): CaseVolume => {
    const labels = new Uint8Array(8 * 8 * 3);
    for (const [x, y, z] of voxels) labels[x + 8 * y + 64 * z] = 1;
    return { labels, shape, spacing } as unknown as CaseVolume;
  };
  const view = displayView(shape, spacing, scalingAffine(spacing), 'axial');
  const classes = [{ name: 'a', values: [1] }];
  const large = [0, 1, 2].flatMap((x) => [0, 1].map((y): [number, number, number] => [x, y, 0]));
  const small: [number, number, number][] = [
    [6, 6, 1],
    [6, 6, 2],
    [5, 6, 2],
    [6, 5, 2],
  ];

  it('is found in the slice where it is largest, in pixels as they are seen', () => {
    // Seen from the feet with the front on top: x and y are reversed.
    expect(findSmallestObject(volumeWith(...large, ...small), classes, view)).toEqual({
      volume: 4 * 10,
      slice: 2,
      rows: [1, 2],
      columns: [1, 2],
    });
  });

  it('is not a speck, unless there is nothing else', () => {
    expect(findSmallestObject(volumeWith(...large, [7, 7, 2]), classes, view)!.volume).toBe(60);
    expect(findSmallestObject(volumeWith([7, 7, 2]), classes, view)!.volume).toBe(10);
    expect(findSmallestObject(volumeWith(), classes, view)).toBeUndefined();
  });

  it('is magnified with room around it, within the slice', () => {
    const image = { rows: 40, columns: 60, spacing: [2, 1] as const };
    // 6 rows of 2 mm: 12 mm, twice that; the middle at (46, 25) mm.
    expect(regionAround({ rows: [20, 25], columns: [20, 29] }, image)).toEqual({
      left: 13,
      top: 34,
      width: 24,
      height: 24,
    });
    expect(regionAround({ rows: [0, 0], columns: [59, 59] }, image)).toEqual({ left: 52, top: 0, width: 8, height: 8 });
  });
});

describe('inset', () => {
  const image = { values: [], rows: 40, columns: 40, spacing: [1, 1] as const, window: { low: 0, high: 1 } };
  const region = { left: 4, top: 4, width: 8, height: 8 };
  const withPixel = (row: number, column: number): Uint8Array =>
    new Uint8Array(1600).fill(1, row * 40 + column, row * 40 + column + 1);

  it('lies in the corner that hides least, the farthest among equals', () => {
    expect(insetCorner(image, region, [new Uint8Array(1600)])).toEqual({ isRight: true, isLower: true });
    const lower = [withPixel(35, 35), withPixel(35, 5)];
    expect(insetCorner(image, region, lower)).toEqual({ isRight: true, isLower: false });
    // It would rather hide other objects than the part that it magnifies.
    const all = [...lower, ...lower, withPixel(5, 35)];
    expect(insetCorner(image, region, all)).toEqual({ isRight: true, isLower: false });
  });
});

describe('figure', () => {
  it('shows errors in their colours, in the slice and magnified', () => {
    const values = new Float32Array(32 * 32).fill(1);
    const image = { values, rows: 32, columns: 32, spacing: [1, 1] as const, window: { low: 1, high: 2 } };
    const region = { left: 4, top: 4, width: 8, height: 8 };
    const [none, missed] = [new Uint8Array(1024), new Uint8Array(1024)];
    for (let row = 6; row < 10; row++) missed.fill(3, row * 32 + 6, row * 32 + 10);
    const canvas = drawFigure({
      titles: ['ground truth', 'A'],
      rows: [
        {
          caption: 'case',
          image,
          region,
          panels: [
            { outcomes: none, note: '' },
            { outcomes: missed, note: '' },
          ],
        },
      ],
      hasSeveralClasses: false,
    });
    const pink = outcomeColors[2]!.map((channel) => Math.round(channel * 0.72)).join();
    const counts = [0, 1, 2].map((column) => {
      let count = 0;
      const left = 20 + column * 268;
      for (let y = 90; y < 360; y++) {
        for (let x = left; x < left + 260; x++) count += Number(canvas.at(x, y).join() === pink);
      }
      return count;
    });
    expect(counts.slice(0, 2)).toEqual([0, 0]);
    // 4 of 32 pixels are 32.5 in the panel of 260; half of the inset of 109 is 54.5: about 32.5² + 54.5².
    expect(counts[2]).toBeGreaterThan(3700);
    expect(counts[2]).toBeLessThan(4400);
  });
});
