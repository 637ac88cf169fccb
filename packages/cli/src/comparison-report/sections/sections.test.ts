import { expect, it } from 'vitest';
import { pValue, signed, spread } from '../../terminal/numbers.ts';
import { markBest } from './cells.ts';
import { meanCurve } from './mean-curve.ts';

const curve = (...points: [seconds: number, dice: number | null][]) =>
  points.map(([seconds, dice], index) => ({ epoch: index + 1, seconds, dice }));

it('averages curves up to the end of the shortest', () => {
  const { dice, deviation, seconds } = meanCurve([
    curve([10, 0.2], [20, null], [30, 0.5], [40, 0.9]),
    curve([12, 0.4], [24, 0.6], [36, null]),
  ]);
  expect(dice.map((value) => value?.toFixed(10))).toEqual(['0.3000000000', '0.6000000000', '0.5000000000']);
  // 0.1 to both sides of 0.3, divided by n − 1 = 1.
  expect(deviation[0]).toBeCloseTo(Math.sqrt(0.02), 12);
  expect(deviation.slice(1)).toEqual([undefined, undefined]);
  expect(seconds).toEqual([11, 22, 33]);
});

it('marks the best values as displayed, and none where all look the same', () => {
  const values = [0.8, 0.8004, 0.7, null].map((mean) => ({ mean, deviation: null, n: 1 }));
  expect(markBest(values, 3, 'higher')).toEqual([true, true, false, false]);
  expect(markBest(values, 3, 'lower')).toEqual([false, false, true, false]);
  expect(markBest(values.slice(0, 2), 3, 'higher')).toEqual([false, false]);
});

it('writes means with deviations, p-values and differences', () => {
  expect(spread({ mean: 0.8126, deviation: 0.01, n: 3 }, 3)).toBe('0.813 ± 0.010');
  expect(spread({ mean: 0.8126, deviation: null, n: 1 }, 2)).toBe('0.81');
  expect([0.00001, 0.0312, 0.25, 1].map(pValue)).toEqual(['< 0.001', '0.031', '0.25', '1.00']);
  expect([0.0123, -0.02, 0.0001, null].map((value) => signed(value, 3))).toEqual(['+0.012', '−0.020', '0.000', '–']);
});
