import { describe, expect, it } from 'vitest';
import { comparedRun } from '../../test/compared-runs.ts';
import { convergence } from './convergence.ts';
import { median, StepClock } from './measurements.ts';
import { summarizeVariant } from './variant-summary.ts';

describe('convergence', () => {
  const [slow, never] = [
    comparedRun({ validation: [0.1, null, 0.6, 0.8] }).validation,
    comparedRun({ validation: [0.1, 0.2] }).validation,
  ];

  it('is the first epoch at the target; means are over the runs that reach it', () => {
    expect(convergence([slow, never], [0.6, 0.6])).toEqual({
      target: 0.6,
      reached: 1,
      epochs: { mean: 3, deviation: null, n: 1 },
      seconds: { mean: 30, deviation: null, n: 1 },
    });
  });

  it('is nothing where there is nothing to reach', () => {
    expect(convergence([slow], [0])).toMatchObject({ target: null, reached: 0, epochs: { mean: null } });
  });
});

describe('summary of a variant', () => {
  it('goes to 95 % of the mean best Dice of the baseline, and of each own best', () => {
    // The baseline's best are 0.6 and 0.8: the target is 0.95 · 0.7 = 0.665. Own targets: 0.76 and 0.475.
    const baseline = [comparedRun({ validation: [0.6] }), comparedRun({ validation: [0.8], seed: 2 })];
    const runs = [
      comparedRun({ variant: 'tw', validation: [0.67, 0.7, 0.8] }),
      comparedRun({ variant: 'tw', validation: [0.4, 0.5], seed: 2 }),
    ];
    const { toBaseline, toOwnBest, epochs } = summarizeVariant('tw', runs, baseline);
    expect(toBaseline.target).toBeCloseTo(0.665, 12);
    expect(toBaseline).toMatchObject({ reached: 1, epochs: { mean: 1 }, seconds: { mean: 10 } });
    expect(toOwnBest.target).toBeCloseTo((0.76 + 0.475) / 2, 12);
    expect(toOwnBest).toMatchObject({ reached: 2, epochs: { mean: 2.5, deviation: Math.SQRT1_2 } });
    expect(epochs).toMatchObject({ mean: 2.5, n: 2 });
  });

  it('has the spread of the strata over seeds', () => {
    const stratum = { objects: 4, sensitivity: 0.5 };
    const runs = [
      comparedRun({ strata: [{ ...stratum, detected: 1, dice: 0.2 }, {}] }),
      comparedRun({ strata: [{ ...stratum, detected: 3, dice: 0.6 }, {}], seed: 2 }),
    ];
    const [small, none] = summarizeVariant('unet', runs, runs).strata;
    // 1/4 and 3/4: mean 1/2, deviation √(2 · (1/4)²).
    expect(small!.detectionRate.mean).toBe(0.5);
    expect(small!.detectionRate.deviation).toBeCloseTo(Math.sqrt(0.125), 12);
    expect(small!.dice.mean).toBeCloseTo(0.4, 12);
    expect(small).toMatchObject({ objects: 4, sensitivity: { mean: 0.5, deviation: 0, n: 2 } });
    expect(none!.detectionRate).toEqual({ mean: null, deviation: null, n: 0 });
  });
});

describe('measurements', () => {
  it('time from step to step within an epoch', () => {
    let now = 0;
    const seconds: number[] = [];
    const clock = new StepClock(seconds, () => now);
    for (const [epoch, stepInEpoch, wait] of [
      [1, 1, 5],
      [1, 2, 2],
      [1, 3, 3],
      [2, 1, 9],
      [2, 2, 1],
    ] as const) {
      now += wait;
      clock.step({ epoch, stepInEpoch });
    }
    expect(seconds).toEqual([2, 3, 1]);
  });

  it('have a median', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2.5, null]);
  });
});
