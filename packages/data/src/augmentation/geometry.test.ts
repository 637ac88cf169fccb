import { expect, it } from 'vitest';
import { createRandom } from '../random/random.ts';
import { drawWarp } from './draw-warp.ts';
import { elasticField } from './elastic-field.ts';
import { completeAugmentation } from './settings.ts';
import { warpImage, warpMask, type AugmentedSlice, type Warp } from './warp.ts';

/** A warp by what is done to (row, column). */
function createWarp(
  [height, width]: [number, number],
  source: (row: number, column: number) => [number, number],
): Warp {
  const places = Array.from({ length: height * width }, (_, at) => source(Math.floor(at / width), at % width));
  return {
    rows: Float64Array.from(places, ([row]) => row),
    columns: Float64Array.from(places, ([, column]) => column),
  };
}

it('interpolates images between four pixels and takes masks from the nearest, with zeros outside', () => {
  const slice: AugmentedSlice = {
    size: [2, 2],
    channels: 1,
    classes: 1,
    image: Float32Array.of(1, 2, 3, 8),
    mask: Float32Array.of(1, 0, 0, 1),
  };
  const shifted = createWarp([2, 2], (row, column) => [row + 0.25, column - 0.6]);
  // Between the rows 1.5 and 3.5, below the last one three quarters of it: 2.25 and 6. The first column lies half outside.
  const expected = [0.4 * 1.5, 0.6 * 1.5 + 0.4 * 3.5, 0.4 * 2.25, 0.6 * 2.25 + 0.4 * 6];
  expect(warpImage(slice, shifted)).toEqual(Float32Array.from(expected));
  expect(warpMask(slice, shifted)).toEqual(Float32Array.of(0, 1, 0, 0));
});

it('turns around the middle by at most the angle, in space rather than in pixels', () => {
  const settings = completeAugmentation('none', { rotation: 30, probability: 1 });
  const angles: number[] = [];
  for (let seed = 0; seed < 200; seed++) {
    // Pixels twice as high as wide.
    const { rows, columns } = drawWarp(settings, createRandom(seed), [5, 9], [2, 1])!;
    expect([rows[22], columns[22]]).toEqual([2, 4]);
    const [down, right] = [(rows[23]! - 2) * 2, columns[23]! - 4];
    expect(Math.hypot(down, right)).toBeCloseTo(1, 10);
    angles.push((Math.atan2(down, right) * 180) / Math.PI);
  }
  expect(Math.max(...angles)).toBeGreaterThan(28);
  expect(Math.max(...angles)).toBeLessThan(30);
  expect(Math.min(...angles)).toBeLessThan(-28);
  expect(Math.min(...angles)).toBeGreaterThan(-30);
});

it('scales between 1 / (1 + s) and 1 + s, as often up as down', () => {
  const settings = completeAugmentation('none', { scaling: 0.5, probability: 1 });
  const factors = Array.from({ length: 400 }, (_, seed) => {
    const { columns } = drawWarp(settings, createRandom(seed), [3, 3])!;
    return 1 / (columns[5]! - columns[4]!);
  });
  expect(Math.max(...factors)).toBeLessThan(1.5);
  expect(Math.max(...factors)).toBeGreaterThan(1.45);
  expect(Math.min(...factors)).toBeGreaterThan(1 / 1.5);
  expect(Math.min(...factors)).toBeLessThan(1 / 1.45);
  const enlarged = factors.filter((factor) => factor > 1).length;
  expect(enlarged).toBeGreaterThan(160);
  expect(enlarged).toBeLessThan(240);
});

it('bends within the limit, smoothly, and without a fold at the largest strength', () => {
  for (let seed = 0; seed < 20; seed++) {
    const field = elasticField(createRandom(seed), 0.05, [60, 40]);
    expect(Math.max(...field.map(Math.abs))).toBeLessThanOrEqual(0.05);
    const { rows, columns } = drawWarp(
      completeAugmentation('none', { elastic: 0.05, probability: 1 }),
      createRandom(seed),
      [60, 40],
    )!;
    for (let row = 0; row < 59; row++) {
      for (let column = 0; column < 39; column++) {
        const at = row * 40 + column;
        const turned =
          (rows[at + 40]! - rows[at]!) * (columns[at + 1]! - columns[at]!) -
          (rows[at + 1]! - rows[at]!) * (columns[at + 40]! - columns[at]!);
        expect(turned).toBeGreaterThan(0);
      }
    }
  }
});
