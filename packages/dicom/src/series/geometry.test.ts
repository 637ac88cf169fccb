import { describe, expect, it } from 'vitest';
import { slice, stack, type Element } from '../../test/handmade.ts';
import { read } from '../../test/read-files.ts';

const rounded = (affine: readonly (readonly number[])[]): number[][] =>
  affine.slice(0, 3).map((row) => row.map((value) => Math.round(value * 1e4) / 1e4 + 0));

describe('the grid of a series', () => {
  it('has columns, rows and slices as axes, in RAS', async () => {
    const files = stack(3, (index) => ({ position: [-10, -20, 5 + 2 * index], spacing: [0.5, 0.75] }));
    const { affine, shape, spacing, geometry } = await read(files);
    expect(shape).toEqual([3, 2, 3]);
    expect(spacing).toEqual([0.75, 0.5, 2]);
    expect(rounded(affine)).toEqual([
      [-0.75, 0, 0, 10],
      [0, -0.5, 0, 20],
      [0, 0, 2, 5],
    ]);
    expect(geometry).toMatchObject({ gaps: [2, 2], tilt: 0, deviation: 0 });
  });

  it('sorts slices along their normal, whatever their order and their numbers', async () => {
    const pixels = (index: number): number[] => new Array<number>(6).fill(index);
    const files = stack(4, (index) => ({ instance: 9 - index, pixels: pixels(index) }));
    const { data, slices } = await read([files[2]!, files[0]!, files[3]!, files[1]!]);
    expect([...data].filter((_, index) => index % 6 === 0)).toEqual([0, 1, 2, 3]);
    expect(slices.map(({ instance }) => instance.instanceNumber)).toEqual([9, 8, 7, 6]);
  });

  it('turns with sagittal slices: their normal points to the left', async () => {
    const orientation = [0, 1, 0, 0, 0, -1];
    const { affine } = await read(stack(3, (index) => ({ orientation, position: [30 - 3 * index, 1, 2] })));
    // The normal of (0, 1, 0) and (0, 0, −1) is (−1, 0, 0) in LPS, to the right.
    expect(rounded(affine)).toEqual([
      [0, 0, 3, -30],
      [-0.5, 0, 0, -1],
      [0, -0.5, 0, 2],
    ]);
  });

  it('takes all positions into account: no slice is far from where it says', async () => {
    // Positions rounded to 0.1 mm: the first two say 1.2, all say 1.25.
    const heights = [0, 1.25, 2.5, 3.75, 5, 6.25, 7.5, 8.75].map(
      (z) => Math.floor(z * 100) / 100 + (z % 2.5 ? 0.01 : 0),
    );
    const { affine, geometry } = await read(stack(8, (index) => ({ position: [0, 0, heights[index]!] })));
    heights.forEach((z, k) => expect(Math.abs(affine[2]![3]! + affine[2]![2]! * k - z)).toBeLessThan(0.011));
    expect(geometry.deviation).toBeGreaterThan(0);
    expect(geometry.deviation).toBeLessThan(0.011);
  });

  it('is sheared by a tilted gantry', async () => {
    const { affine, geometry, spacing } = await read(stack(4, (index) => ({ position: [0, index * 0.5, index * 2] })));
    expect(rounded(affine)[1]).toEqual([0, -0.5, -0.5, 0]);
    expect(geometry.tilt).toBeCloseTo((Math.atan(0.25) * 180) / Math.PI, 6);
    expect(spacing[2]).toBeCloseTo(Math.hypot(0.5, 2), 6);
  });

  it('of a single slice has its thickness', async () => {
    const thick: Element = [0x00180050, 'DS', '4'];
    expect((await read([slice({ more: [thick] })])).spacing[2]).toBe(4);
    expect((await read([slice({ more: [thick, [0x00180088, 'DS', '-5']] })])).spacing[2]).toBe(5);
    expect((await read([slice()])).spacing[2]).toBe(1);
  });

  it.each<[string, Buffer[], RegExp]>([
    [
      'a missing slice',
      stack(6).toSpliced(3, 1),
      /found a gap of 2 mm between 2\.dcm and 3\.dcm, where the others have 1 mm, expected the slice that is missing\.$/,
    ],
    [
      'two missing slices',
      stack(8).toSpliced(3, 2),
      /found a gap of 3 mm between 2\.dcm and 3\.dcm.* expected the 2 slices that are missing\.$/,
    ],
    [
      'a gap that is 3 % larger',
      stack(6, (index) => ({ position: [0, 0, index + (index > 3 ? 0.03 : 0)] })),
      /found a gap of 1\.03 mm between 3\.dcm and 4\.dcm.* expected gaps that differ by at most 2 %\.$/,
    ],
    [
      'slices twice',
      [...stack(3), ...stack(3)],
      /found 6 slices at 3 positions \(0\.dcm and 3\.dcm lie at the same one\), expected one slice at each position\.$/,
    ],
    [
      'a slice beside the others',
      stack(5, (index) => ({ position: [index === 2 ? 0.3 : 0, 0, index] })),
      /found 2\.dcm 0\.24 mm beside the straight line of the others, expected at most 0\.1 mm\.$/,
    ],
    [
      'two orientations',
      stack(4, (index) => (index > 1 ? { orientation: [1, 0, 0, 0, 0, -1] } : {})),
      /found several orientations, the other in 2\.dcm, expected one orientation, as in 0\.dcm\.$/,
    ],
    [
      'two sizes',
      stack(2, (index) => ({ columns: 3 + index })),
      /found 1\.dcm with 4 × 2 pixels, expected 3 × 2 as in 0\.dcm\.$/,
    ],
    [
      'two spacings',
      stack(2, (index) => ({ spacing: [0.5, 0.5 + index / 4] })),
      /found 1\.dcm with the spacing 0\.5, 0\.75, expected 0\.5, 0\.5 as in 0\.dcm\.$/,
    ],
  ])('refuses %s', async (_, files, message) => {
    const error = await read(files).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'DataError' });
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toMatch(/^series 7 \(\d files, 0\.dcm\): /);
    expect((error as Error).message).not.toMatch(/SECRET|Thorax/);
  });

  it.each<[string, Buffer, RegExp]>([
    ['no position', slice({ without: [0x00200032] }), /^0\.dcm: found no position \(ImagePositionPatient\)/],
    ['a position of words', slice({ position: ['a', 1, 2] as never }), /^0\.dcm: found no position/],
    ['no spacing', slice({ without: [0x00280030] }), /^0\.dcm: found no spacing \(PixelSpacing\)/],
    ['a spacing of 0', slice({ spacing: [0, 1] }), /^0\.dcm: found the spacing 0, 1, expected millimetres above 0\.$/],
    ['parallel axes', slice({ orientation: [1, 0, 0, 1, 0, 0] }), /expected two unit vectors at a right angle\.$/],
    [
      'frames without positions',
      slice({ more: [[0x00280008, 'IS', '2']] }),
      /^0\.dcm: found 2 frames without positions/,
    ],
  ])('refuses a slice with %s', async (_, file, message) => {
    await expect(read([file])).rejects.toThrow(message);
  });

  it('reads the frames of an enhanced file', async () => {
    const frame = (z: number, slope: number): Element[] => [
      [0x00209113, 'SQ', [[[0x00200032, 'DS', [0, 0, z]]]]],
      [
        0x00289145,
        'SQ',
        [
          [
            [0x00281052, 'DS', '1'],
            [0x00281053, 'DS', String(slope)],
          ],
        ],
      ],
    ];
    const file = slice({
      pixels: Array.from({ length: 18 }, (_, index) => index),
      without: [0x00200032, 0x00200037, 0x00280030],
      more: [
        [0x00280008, 'IS', '3'],
        [
          0x52009229,
          'SQ',
          [
            [
              [0x00209116, 'SQ', [[[0x00200037, 'DS', [1, 0, 0, 0, 1, 0]]]]],
              [0x00289110, 'SQ', [[[0x00280030, 'DS', [0.5, 0.5]]]]],
            ],
          ],
        ],
        [0x52009230, 'SQ', [frame(4, 1), frame(0, 10), frame(2, 1)]],
      ],
    });
    const { data, shape, affine, slices } = await read([file]);
    expect(shape).toEqual([3, 2, 3]);
    expect(slices.map((one) => one.frame)).toEqual([1, 2, 0]);
    expect([...data]).toEqual([61, 71, 81, 91, 101, 111, 13, 14, 15, 16, 17, 18, 1, 2, 3, 4, 5, 6]);
    expect(affine[2]).toEqual([0, 0, 2, 0]);
  });
});
