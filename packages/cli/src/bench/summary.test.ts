import { expect, it } from 'vitest';
import { describeSpread, summarize } from './summary.ts';

it('interpolates quantiles', () => {
  // Of 1, 2, 4, 8 the middle is half-way from 2 to 4, the quarters a quarter before 2 and after 4.
  expect(describeSpread([8, 1, 4, 2])).toEqual({ median: 3, quartiles: [1.75, 5] });
  expect(describeSpread([7])).toEqual({ median: 7, quartiles: [7, 7] });
});

it('takes ratios within rounds', () => {
  const first = [10, 100].map((step) => ({ step, inference: step / 2 }));
  const other = [20, 300].map((step) => ({ step, inference: 10 }));
  const { step, ratio } = summarize(other, first);
  expect(step.median).toBe(160);
  // 2 and 3; 2 and 0.2.
  expect(ratio.step.median).toBe(2.5);
  expect(ratio.inference.median).toBeCloseTo(1.1, 12);
});
