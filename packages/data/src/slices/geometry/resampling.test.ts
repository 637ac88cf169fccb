import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisResampling, resampleImage, type ResamplingKind } from './resampling.ts';

/** Resamples one row. */
function row(values: number[], to: number, kind: ResamplingKind): number[] {
  const same = axisResampling(1, 1, kind);
  const image = Float32Array.from(values);
  return [...resampleImage(image, 1, values.length, same, axisResampling(values.length, to, kind))];
}

describe('resampling', () => {
  it('takes the mean over the area', () => {
    expect(row([0, 2, 4, 6], 2, 'area')).toEqual([1, 5]);
    // Each of two covers one and a half of three: (0·1 + 3·½)/1.5 and (3·½ + 9·1)/1.5.
    expect(row([0, 3, 9], 2, 'area')).toEqual([1, 7]);
    expect(row([1, 2, 3, 4, 5], 1, 'area')).toEqual([3]);
  });

  it('interpolates between centres and holds the ends', () => {
    // Centres of four at −¼, ¼, ¾, 1¼ of the centres of two.
    expect(row([0, 4], 4, 'linear')).toEqual([0, 1, 3, 4]);
    expect(row([7], 3, 'linear')).toEqual([7, 7, 7]);
  });

  it('takes the nearest', () => {
    expect(row([1, 2, 3, 4], 2, 'nearest')).toEqual([2, 4]);
    expect(row([1, 2], 4, 'nearest')).toEqual([1, 1, 2, 2]);
    expect(row([1, 2, 3], 2, 'nearest')).toEqual([1, 3]);
  });

  it('works on both axes', () => {
    const image = Float32Array.of(0, 2, 4, 6, 8, 10, 12, 14);
    const [vertical, horizontal] = [axisResampling(2, 1, 'area'), axisResampling(4, 2, 'area')];
    // Rows (0 2 4 6) and (8 10 12 14): columns to (1 5) and (9 13), then the mean of both.
    expect([...resampleImage(image, 2, 4, vertical, horizontal)]).toEqual([5, 9]);
  });

  it('has weights that add up to 1 and never leave the axis; area keeps the mean', () => {
    const length = fc.integer({ min: 1, max: 70 });
    fc.assert(
      fc.property(length, length, fc.constantFrom<ResamplingKind>('nearest', 'area', 'linear'), (from, to, kind) => {
        fc.pre(kind !== 'area' || to <= from);
        const { taps, first, weights } = axisResampling(from, to, kind);
        for (let index = 0; index < to; index++) {
          expect(first[index]).toBeGreaterThanOrEqual(0);
          expect(first[index]! + taps).toBeLessThanOrEqual(from);
          const sum = weights.subarray(index * taps, (index + 1) * taps).reduce((a, b) => a + b, 0);
          expect(sum).toBeCloseTo(1, 10);
        }
        if (kind !== 'area') return;
        const values = Array.from({ length: from }, (_, index) => (index * 37) % 11);
        const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
        expect(mean(row(values, to, 'area'))).toBeCloseTo(mean(values), 4);
      }),
      { seed: 2 },
    );
  });
});
