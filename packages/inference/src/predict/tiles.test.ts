import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { tileStarts, tileWeights } from './tiles.ts';

describe('tiles', () => {
  it('cover an axis from end to end with at least the overlap', () => {
    expect(tileStarts(10, 16, 0.5)).toEqual([0]);
    expect(tileStarts(16, 16, 0.5)).toEqual([0]);
    expect(tileStarts(40, 16, 0.5)).toEqual([0, 8, 16, 24]);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 2, max: 64 }),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        (extent, tile, overlap) => {
          const starts = tileStarts(extent, tile, overlap);
          const steps = starts.slice(1).map((start, i) => start - starts[i]!);
          expect(starts[0]).toBe(0);
          if (extent > tile) expect(starts.at(-1)).toBe(extent - tile);
          // Rounding to whole pixels may cost one.
          for (const step of steps) expect(step).toBeLessThanOrEqual(Math.max(1, tile * (1 - overlap)) + 1);
        },
      ),
    );
  });

  it('count most in their middle, with a standard deviation of an eighth', () => {
    const weights = tileWeights(8, 16);
    expect(weights).toHaveLength(128);
    // Rows lie half a pixel from the centre at best: exp(−(0.5/1)²/2); columns: exp(−(0.5/2)²/2).
    expect(Math.max(...weights)).toBeCloseTo(Math.exp(-0.125) * Math.exp(-0.03125), 6);
    expect(Math.min(...weights)).toBeGreaterThan(0);
  });
});
