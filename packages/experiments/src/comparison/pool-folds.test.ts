import { evaluate, summarize, type ClassEvaluation } from '@interseg/training';
import { expect, it } from 'vitest';
import { comparedRun } from '../../test/compared-runs.ts';
import { pairedTests } from './paired-tests.ts';
import { poolFolds } from './pool-folds.ts';

const classes = [
  { name: 'lesion', values: [1] },
  { name: 'cyst', values: [2] },
];
const about = { variant: 'unet', engine: 'cpu' };

/** A made-up case whose masks follow from its number; some classes are empty in some of them. */
function testCase(number: number): { id: string; classes: ClassEvaluation[] } {
  const volume = (shift: number) => ({
    data: Int16Array.from({ length: 4 * 4 * 4 }, (_, place) =>
      (place * 7 + number * 5 + shift) % 11 < 3 ? 1 + (((place + number) % number) % 2) : 0,
    ),
    shape: [4, 4, 4] as const,
    spacing: [1, 2, 4] as const,
  });
  return { id: `case${number}`, classes: evaluate(volume(0), volume(number % 2), classes) };
}

const cases = [1, 2, 3, 4, 5, 6, 7].map(testCase);
const fold = (index: number, numbers: number[], seed = 1) => ({
  ...comparedRun({ seed }),
  fold: index,
  metrics: summarize(
    cases.filter((_, place) => numbers.includes(place + 1)),
    about,
  ),
});

it('gives the metrics of all test cases, as if one network had segmented them', () => {
  const [pooled] = poolFolds([fold(1, [2, 5]), fold(2, [1, 3, 7]), fold(3, [4, 6])]);
  const expected = summarize(cases, about);
  const rounded = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (_, one: unknown) => (typeof one === 'number' ? Number(one.toFixed(10)) : one));
  expect(rounded(pooled)).toEqual(rounded(expected));
  // What a mean of the means of the folds would not give.
  expect(expected.mean.dice).not.toBeCloseTo(
    [
      [2, 5],
      [1, 3, 7],
      [4, 6],
    ].reduce((sum, numbers) => sum + fold(1, numbers).metrics.mean.dice! / 3, 0),
    6,
  );
});

it('keeps seeds apart, and leaves runs without folds as they are', () => {
  const seeds = poolFolds([fold(1, [1, 2]), fold(1, [1, 2], 2), fold(2, [3], 1)]);
  expect(seeds.map(({ cases: its }) => its.map(({ id }) => id))).toEqual([
    ['case1', 'case2', 'case3'],
    ['case1', 'case2'],
  ]);
  const run = comparedRun({});
  expect(poolFolds([run])).toEqual([run.metrics]);
});

it('pairs each case once in the tests, with the seeds that have it', () => {
  const shifted = (run: ReturnType<typeof fold>, by: number) => ({
    ...run,
    metrics: {
      ...run.metrics,
      cases: run.metrics.cases.map((one) => ({
        ...one,
        classes: Object.fromEntries(
          Object.entries(one.classes).map(([name, values]) => [
            name,
            { ...values, dice: values.dice === null ? null : values.dice + by },
          ]),
        ),
      })),
    },
  });
  const baseline = [fold(1, [1, 2, 3]), fold(2, [4, 5, 6, 7]), fold(1, [1, 2, 3], 2)];
  const runs = new Map([
    ['unet', baseline],
    ['better', baseline.map((run) => shifted(run, 0.125))],
  ]);
  const [test] = pairedTests(runs, (id) => id).comparisons;
  expect(test!.n).toBe(7);
  expect(test!.meanDifference).toBeCloseTo(0.125, 12);
});
