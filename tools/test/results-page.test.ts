import type { ComparisonFile } from '@interseg/experiments';
import { describe, expect, it } from 'vitest';
import { convergencePlot } from '../studies/plots/convergence.mjs';
import { differencesPlot } from '../studies/plots/differences.mjs';
import { resultsPage } from '../studies/results-page.mjs';

const mean = (value: number | null, deviation: number | null = null) => ({ mean: value, deviation, n: 2 });

/** The parts of a comparison that the page and the plots read. */
function comparison(): ComparisonFile {
  const summary = (variant: string, dice: number, seconds: number, reached: number) => ({
    variant,
    runs: 2,
    dice: mean(dice, 0.01),
    hd95: mean(3.25),
    strata: [{ name: '< 100', objects: 7, dice: mean(dice / 2), detectionRate: mean(0.75) }],
    secondsPerStep: mean(seconds),
    toBaseline: { reached, epochs: mean(reached > 0 ? 12.4 : null), seconds: mean(reached > 0 ? 60 : null) },
    parameters: { deploy: 900, training: variant === 'unet' ? 900 : 1000 },
  });
  const run = (variant: string, ...dices: number[]) => ({
    variant,
    engine: 'wasm',
    epochs: 5,
    validation: dices.map((dice, index) => ({ epoch: index + 1, seconds: index, dice })),
  });
  return {
    settings: { seeds: [1, 2], epochs: 5 },
    cases: { train: 6, validation: 1, test: 3 },
    variants: [summary('unet', 0.5, 0.1, 2), summary('twi-unet', 0.625, 0.21, 0)],
    tests: {
      baseline: 'unet',
      level: 0.05,
      canConclude: true,
      test: 'a test',
      correction: 'Holm',
      interval: 'bootstrap',
      comparisons: [{ variant: 'twi-unet', meanDifference: 0.125, interval: [-0.0625, 0.25], adjustedP: 0.25 }],
    },
    runs: [run('unet', 0.1, 0.4), run('unet', 0.2, 0.5), run('twi-unet', 0.1, 0.5), run('twi-unet', 0.3, 0.7)],
  } as unknown as ComparisonFile;
}

/** The cells of the rows under a heading of the page. */
function rows(page: string, heading: string): string[][] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('the page of a study', () => {
  const page = resultsPage('small', comparison());

  it('holds the numbers of the comparison', () => {
    expect(rows(page, 'Segmentation')).toEqual([
      ['`unet`', '0.500 ± 0.010', '3.3', 'baseline', '–'],
      ['`twi-unet`', '0.625 ± 0.010', '3.3', '+0.125 (−0.063 to +0.250)', '0.250'],
    ]);
    expect(rows(page, 'Objects')).toEqual([
      ['`unet`', '0.250', '0.75'],
      ['`twi-unet`', '0.313', '0.75'],
    ]);
    expect(rows(page, 'Convergence')).toEqual([
      ['`unet`', '12', '2 of 2', '1.00 ×', '1.00 ×', '900', '900'],
      ['`twi-unet`', '–', '0 of 2', '–', '2.10 ×', '1000', '900'],
    ]);
  });

  it('says how many cases, which engine and what can be told from chance', () => {
    expect(page).toContain('node tools/studies/run.mjs small');
    expect(page.replaceAll('\n', ' ')).toContain('6 training cases, 1 for validation, 3 for testing; 5 epochs');
    expect(page).toContain('wasm');
    expect(page).toContain('No difference from `unet` is significant.');
    const told = comparison();
    told.tests.comparisons[0]!.adjustedP = 0.01;
    expect(resultsPage('small', told)).toContain('Significant, compared with `unet`: `twi-unet` is better.');
    told.tests.comparisons[0]!.adjustedP = 0.0004;
    expect(rows(resultsPage('small', told), 'Segmentation')[1]!.at(-1)).toBe('< 0.001');
    told.tests.canConclude = false;
    expect(resultsPage('small', told)).toContain('With so few patients, no difference could be significant.');
    told.tests.comparisons[0]!.interval = null;
    expect(resultsPage('small', told)).toContain('nothing can be concluded about others');
  });
});

describe('the plots of a study', () => {
  it('put each network where its difference is, and mark what is told from chance', () => {
    const plot = differencesPlot(comparison());
    const [, x] = /<circle class="untold" cx="([\d.]+)"/.exec(plot) ?? [];
    const [from, to] = [/interval untold" x1="([\d.]+)"/, /x2="([\d.]+)"[^>]*\/>\n<circle/].map((one) =>
      Number(one.exec(plot)?.[1]),
    );
    // From −0.0625 over 0.125 to 0.25, on one scale.
    expect((Number(x) - from!) / (to! - from!)).toBeCloseTo(0.1875 / 0.3125, 2);
    expect(plot).toContain('>twi-unet<');
    const told = comparison();
    told.tests.comparisons[0]!.adjustedP = 0.01;
    expect(differencesPlot(told)).toContain('<circle class="told"');
  });

  it('draw the mean over seeds between its deviations', () => {
    const plot = convergencePlot(comparison());
    const numbers = (part: string) => part.trim().split(/[ ,]/).map(Number);
    const line = numbers(/class="line" points="([^"]+)"/.exec(plot)![1]!);
    const band = numbers(/class="band" points="([^"]+)"/.exec(plot)![1]!);
    expect(line).toHaveLength(4);
    expect(band).toHaveLength(8);
    // The second epoch: 0.5 and 0.7, so the mean is in the middle of the band, and higher (a smaller y) than the first.
    expect(line[3]).toBeLessThan(line[1]!);
    expect((band[3]! + band[5]!) / 2).toBeCloseTo(line[3]!, 0);
    expect(plot).toContain('unet in grey');
  });
});
