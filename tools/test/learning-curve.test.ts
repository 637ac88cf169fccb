import type { ComparisonFile } from '@interseg/experiments';
import { describe, expect, it } from 'vitest';
import { curvePage } from '../studies/curve-page.mjs';
import { chosenCurves, learningCurves } from '../studies/learning-curve.mjs';
import { learningCurvePlot } from '../studies/plots/learning-curve.mjs';

/** The parts of a comparison that curves are made of: the test Dice of two cases in two runs, and the validation Dice. */
function comparison(labelled: number, entries: Record<string, [dice: number[][], validation: number]>): ComparisonFile {
  const names = Object.keys(entries);
  const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
  return {
    settings: { labelled, seeds: [1, 2] },
    cases: { train: 16, validation: 4, test: 2 },
    variants: names.map((variant) => ({
      variant,
      dice: { mean: mean(entries[variant]![0].flat()), deviation: 0.01, n: 2 },
    })),
    tests: {
      baseline: names[0],
      level: 0.05,
      comparisons: names.slice(1).map((variant, index) => ({
        variant,
        meanDifference: index === 0 ? 0.125 : -0.0625,
        adjustedP: index === 0 ? 0.01 : 0.4,
      })),
    },
    runs: names.flatMap((variant) =>
      entries[variant]![0].map((dices) => ({
        variant,
        engine: 'native',
        bestValidationDice: entries[variant]![1],
        metrics: { cases: dices.map((dice, index) => ({ id: `case${index}`, classes: { lesion: { dice } } })) },
      })),
    ),
  } as unknown as ComparisonFile;
}

const spread = [
  [0.2, 0.6],
  [0.4, 0.8],
];
const flat = [
  [0.5, 0.5],
  [0.5, 0.5],
];
const semi = 'tw-unet+unlabelled=60';
const comparisons = [
  comparison(8, { unet: [flat, 0.5], 'tw-unet': [flat, 0.6], 'ae-unet': [flat, 0.7], [semi]: [flat, 0.9] }),
  comparison(2, {
    unet: [spread, 0.5],
    'tw-unet': [flat, 0.9],
    'ae-unet': [flat, 0.7],
    [semi]: [flat, 0.1],
    'unet+epochs=9': [flat, 0.99],
  }),
];
const curves = learningCurves(comparisons);

describe('learning curves', () => {
  it('have each entry of all comparisons, fewest patients first', () => {
    expect(curves.map(({ variant }) => variant)).toEqual(['unet', 'tw-unet', 'ae-unet', semi]);
    expect(curves[0]!.points.map(({ labelled, validation }) => [labelled, validation])).toEqual([
      [2, 0.5],
      [8, 0.5],
    ]);
    expect(curves[1]!.points.map(({ difference, isBeyondChance }) => [difference, isBeyondChance])).toEqual([
      [0.125, true],
      [0.125, true],
    ]);
    expect(curves[2]!.points[0]).toMatchObject({ difference: -0.0625, isBeyondChance: false });
  });

  it('have an interval over test cases, each averaged over the runs', () => {
    // The cases' means are 0.3 and 0.7: 0.5 ± 1.96·√(0.08 / 2).
    const [low, high] = curves[0]!.points[0]!.interval;
    expect(low).toBeCloseTo(0.5 - 1.96 * 0.2, 12);
    expect(high).toBeCloseTo(0.5 + 1.96 * 0.2, 12);
    expect(curves[1]!.points[0]!.interval).toEqual([0.5, 0.5]);
  });

  it('are chosen by the validation cases: the baseline, the best with labels alone, the best with images as well', () => {
    // The means of 0.9 and 0.6, and of 0.7 twice.
    expect(chosenCurves(curves).map(({ variant }) => variant)).toEqual(['unet', 'tw-unet', semi]);
    expect(chosenCurves(curves.slice(0, 1)).map(({ variant }) => variant)).toEqual(['unet']);
  });
});

it('the page of a curve holds every entry at every number, and says what is beyond chance', () => {
  const page = curvePage('few', curves, comparisons);
  expect(page.replaceAll('\n', ' ')).toContain(
    'from 18 runs (seeds 1, 2) on the engine native: 4 cases for validation',
  );
  expect(page).toContain('| network | 2 labelled patients | 8 labelled patients |');
  expect(page).toContain('| `unet` | 0.500 ± 0.010 | 0.500 ± 0.010 |');
  expect(page).toContain('| `tw-unet` | 0.500 ± 0.010 (**+0.125**) | 0.500 ± 0.010 (**+0.125**) |');
  expect(page).toContain('| `ae-unet` | 0.500 ± 0.010 (−0.063) |');
  expect(page).toContain('[2](labelled-2.md), [8](labelled-8.md)');
});

it('the plot of a curve puts numbers of patients on a scale of powers of two, and Dice upwards', () => {
  const four = comparison(4, { unet: [[[0.6, 0.6]], 0.5] });
  const [curve] = learningCurves([
    comparison(2, { unet: [[[0.2, 0.2]], 0.5] }),
    four,
    comparison(8, { unet: [[[1, 1]], 1] }),
  ]);
  const [, points] = /<polyline[^>]*points="([^"]*)"/.exec(learningCurvePlot([curve!])) ?? [];
  const [a, b, c] = points!.split(' ').map((pair) => pair.split(',').map(Number) as [number, number]);
  expect(b![0] - a![0]).toBeCloseTo(c![0] - b![0], 0);
  expect(a![1] - b![1]).toBeCloseTo(b![1] - c![1], 0);
  expect(a![1]).toBeGreaterThan(c![1]);
});
