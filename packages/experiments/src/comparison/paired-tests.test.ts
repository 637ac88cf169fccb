import { describe, expect, it } from 'vitest';
import { comparedRun } from '../../test/compared-runs.ts';
import type { ComparedRun } from './compared-run.ts';
import { pairedTests } from './paired-tests.ts';

const itself = (id: string): string => id;
const byVariant = (...runs: ComparedRun[]): Map<string, ComparedRun[]> => {
  const result = new Map<string, ComparedRun[]>();
  for (const run of runs) result.set(run.variant, [...(result.get(run.variant) ?? []), run]);
  return result;
};
const cases = (values: number[]) =>
  Object.fromEntries(values.map((value, index) => [`case${index}`, { lesion: value }]));

describe('paired tests', () => {
  it('average over seeds, then over the classes and cases of a patient', () => {
    const { comparisons } = pairedTests(
      byVariant(
        comparedRun({ dice: { a1: { x: 0.5, y: 0.5 }, a2: { x: 0.2, y: 0.2 }, b: { x: 0.4, y: 0.4 } } }),
        comparedRun({ dice: { a1: { x: 0.7, y: 0.5 }, a2: { x: 0.2, y: 0.2 }, b: { x: 0.4, y: 0.4 } }, seed: 2 }),
        comparedRun({ dice: { a1: { x: 0.8, y: 0.6 }, a2: { x: 0.3, y: 0.1 }, b: { x: 0.6, y: 0.3 } }, variant: 'tw' }),
      ),
      (id) => id[0]!,
    );
    // a: 0.8 − 0.6, 0.6 − 0.5, 0.3 − 0.2, 0.1 − 0.2, mean 0.075; b: 0.2, −0.1, mean 0.05.
    expect(comparisons).toHaveLength(1);
    expect(comparisons[0]).toMatchObject({ variant: 'tw', pairs: 6, leftOut: 0, n: 2, zeros: 0, p: 0.5 });
    expect(comparisons[0]!.meanDifference).toBeCloseTo(0.0625, 12);
    expect(comparisons[0]!.interval!.map((end) => end.toFixed(12))).toEqual(['0.050000000000', '0.075000000000']);
  });

  it('leave out what one of the runs has no Dice for', () => {
    const [test] = pairedTests(
      byVariant(
        comparedRun({ dice: { a: { x: 0.5, y: null }, b: { x: 0.5, y: 0 } } }),
        comparedRun({ dice: { a: { x: 0.6, y: 0 }, b: { x: 0.5, y: null } }, variant: 'tw' }),
        comparedRun({ dice: { a: { x: 0.6, y: 0 }, b: { x: 0.5, y: 0.3 } }, variant: 'tw', seed: 2 }),
      ),
      itself,
    ).comparisons;
    expect(test).toMatchObject({ pairs: 2, leftOut: 2, n: 2, zeros: 1 });
    expect(test!.meanDifference).toBeCloseTo(0.05, 12);
  });

  it('correct for their number, and say when so few patients cannot show anything', () => {
    const baseline = [0.5, 0.4, 0.3, 0.6, 0.2, 0.7];
    const gain = (by: number) => cases(baseline.map((value, index) => value + by * (index + 1)));
    const one = pairedTests(
      byVariant(comparedRun({ dice: cases(baseline) }), comparedRun({ dice: gain(0.01), variant: 'tw' })),
      itself,
    );
    // Six differences of one sign: 2 / 2⁶.
    expect(one.comparisons[0]).toMatchObject({ p: 1 / 32, smallestP: 1 / 32, adjustedP: 1 / 32 });
    expect(one.canConclude).toBe(true);
    const two = pairedTests(
      byVariant(
        comparedRun({ dice: cases(baseline) }),
        comparedRun({ dice: gain(0.01), variant: 'tw' }),
        comparedRun({ dice: gain(-0.01), variant: 'ae' }),
      ),
      itself,
    );
    expect(two.comparisons.map(({ adjustedP }) => adjustedP)).toEqual([1 / 16, 1 / 16]);
    expect(two.canConclude).toBe(false);
  });

  it('are none for a baseline alone', () => {
    const { comparisons, canConclude } = pairedTests(byVariant(comparedRun({ dice: cases([0.5]) })), itself);
    expect([comparisons, canConclude]).toEqual([[], false]);
  });
});
