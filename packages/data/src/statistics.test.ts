import { describe, expect, it } from 'vitest';
import { meanAndDeviation, percentileOfSorted } from './statistics.ts';

describe('statistics', () => {
  it('interpolates percentiles between ranks', () => {
    const sorted = [1, 2, 4, 8];
    // Ranks 0 to 3: 50 % is rank 1.5, 90 % is rank 2.7.
    expect([0, 50, 90, 100].map((p) => percentileOfSorted(sorted, p))).toEqual([1, 3, expect.closeTo(6.8, 12), 8]);
    expect(percentileOfSorted([5], 99.5)).toBe(5);
  });

  it('sums around the mean, so that a large offset costs no digits', () => {
    expect(meanAndDeviation([1e8 + 1, 1e8 + 3])).toEqual({ mean: 1e8 + 2, deviation: 1 });
  });
});
