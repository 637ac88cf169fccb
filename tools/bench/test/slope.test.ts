import { expect, it } from 'vitest';
import { slopeOf } from '../slope.mjs';

it('gives the slope of a line and, off it, the standard error', () => {
  expect(slopeOf([0, 1, 2, 5], [3, 5, 7, 13])).toEqual({ slope: 2, error: 0 });
  // By hand: x̄ = 2.5, ȳ = 3.5, Σ(x − x̄)² = 5, Σ(x − x̄)(y − ȳ) = 7; residuals 0.6, −0.8, −0.2, 0.4, the sum of their squares 1.2.
  const { slope, error } = slopeOf([1, 2, 3, 4], [2, 2, 4, 6]);
  expect(slope).toBeCloseTo(1.4, 12);
  expect(error).toBeCloseTo(Math.sqrt(0.12), 12);
});
