import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computePercentile } from './percentile.ts';

describe('computePercentile', () => {
  it("gives the values of numpy's documentation", () => {
    // np.percentile([[10, 7, 4], [3, 2, 1]], 50) is 3.5.
    expect(computePercentile(Float64Array.of(10, 7, 4, 3, 2, 1), 50)).toBe(3.5);
  });

  it('interpolates between ranks', () => {
    // Position (5 − 1)·0.95 = 3.8: 4 + 0.8·(10 − 4).
    expect(computePercentile(Float64Array.of(10, 4, 1, 3, 2), 95)).toBeCloseTo(8.8, 12);
    expect(computePercentile(Float64Array.of(10, 4, 1, 3, 2), 0)).toBe(1);
    expect(computePercentile(Float64Array.of(10, 4, 1, 3, 2), 100)).toBe(10);
    expect(computePercentile(Float64Array.of(7), 95)).toBe(7);
    expect(computePercentile(Float64Array.of(Infinity, Infinity, Infinity), 95)).toBe(Infinity);
  });

  it('agrees with sorting', () => {
    const values = fc.oneof(
      fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 60 }),
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 60 }),
    );
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 100 }), (list, percentile) => {
        const sorted = [...list].sort((a, b) => a - b);
        const position = ((list.length - 1) * percentile) / 100;
        const [low, high] = [sorted[Math.floor(position)]!, sorted[Math.ceil(position)]!];
        const expected = low + (position - Math.floor(position)) * (high - low);
        expect(computePercentile(Float64Array.from(list), percentile)).toBeCloseTo(expected, 9);
      }),
    );
  });
});
