import type { ComparisonFile } from '@interseg/training';
import { describe, expect, it } from 'vitest';
import { resultsTable } from '../studies/results-table.mjs';

const mean = (value: number | null, deviation: number | null = null) => ({ mean: value, deviation, n: 2 });

/** The parts of a comparison that the table reads. */
function comparison(): ComparisonFile {
  const summary = (variant: string, dice: number, seconds: number, reached: number) => ({
    variant,
    runs: 2,
    dice: mean(dice, 0.01),
    hd95: mean(3.25),
    strata: [{ name: '< 100', objects: 7, dice: mean(dice / 2) }],
    secondsPerStep: mean(seconds),
    toBaseline: { reached, epochs: mean(reached > 0 ? 12.4 : null) },
  });
  return {
    settings: { seeds: [1, 2], epochs: 5 },
    cases: { train: 6, validation: 1, test: 3 },
    variants: [summary('unet', 0.5, 0.1, 2), summary('twi-unet', 0.625, 0.21, 0)],
    tests: {
      test: 'a test',
      correction: 'Holm',
      interval: 'bootstrap',
      comparisons: [{ variant: 'twi-unet', meanDifference: 0.125, interval: [-0.0625, 0.25], adjustedP: 0.25 }],
    },
    runs: [{ engine: 'wasm' }, { engine: 'wasm' }],
  } as unknown as ComparisonFile;
}

describe('the table of a study', () => {
  it('holds the numbers of the comparison, the times as ratios', () => {
    const rows = resultsTable('small', comparison())
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    expect(rows).toEqual([
      ['', '`unet`', '0.500 ± 0.010', '0.250', '3.3', '12 (2 of 2)', '1.00 ×', 'baseline', '–', ''],
      [
        '',
        '`twi-unet`',
        '0.625 ± 0.010',
        '0.313',
        '3.3',
        'not reached',
        '2.10 ×',
        '+0.125 (−0.063 to +0.250)',
        '0.250',
        '',
      ],
    ]);
  });

  it('says how many cases and which engine it is from', () => {
    const text = resultsTable('small', comparison());
    expect(text).toContain('node tools/studies/run.mjs small');
    expect(text).toContain('6 cases to train on, 1 to validate on, 3 to test on; 5 epochs');
    expect(text).toContain('wasm');
  });
});
