import { OptionError } from '@interseg/errors';
import { describe, expect, it } from 'vitest';
import { checkSchedule, scheduledLearningRate, type ScheduleOptions } from './schedules.ts';

/** The learning rates of all steps of 4 epochs of 2 steps. */
function rates(options: ScheduleOptions, epochs = 4): number[] {
  return Array.from({ length: 2 * epochs }, (_, step) => {
    const time = { epoch: 1 + Math.floor(step / 2), stepInEpoch: step % 2, stepsPerEpoch: 2, epochs };
    return scheduledLearningRate(time, { learningRate: 1, ...options });
  });
}
const close = (values: number[]): unknown => values.map((value) => expect.closeTo(value, 12));

describe('a schedule', () => {
  it('falls in steps, epoch by epoch, by default', () => {
    expect(rates({ learningRateDecay: 0.5, decayEvery: 2 })).toEqual([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5]);
    expect(rates({})).toEqual([1, 1, 1, 1, 1, 1, 0.9, 0.9]);
  });

  it('falls step by step to 0 as a power or as half a cosine', () => {
    expect(rates({ schedule: 'polynomial' })).toEqual(close([8, 7, 6, 5, 4, 3, 2, 1].map((left) => (left / 8) ** 0.9)));
    const half = Math.SQRT1_2 / 2;
    expect(rates({ schedule: 'cosine' }).filter((_, step) => step % 2 === 0)).toEqual(
      close([1, 0.5 + half, 0.5, 0.5 - half]),
    );
    const end = { epoch: 5, stepInEpoch: 0, stepsPerEpoch: 2, epochs: 4 };
    for (const schedule of ['polynomial', 'cosine'] as const) {
      expect(scheduledLearningRate(end, { learningRate: 1, schedule })).toBe(0);
      // A run that is given fewer epochs than it has done.
      expect(scheduledLearningRate({ ...end, epoch: 9 }, { learningRate: 1, schedule })).toBe(0);
    }
    expect(rates({ schedule: 'constant' })).toEqual(Array(8).fill(1));
  });

  it('warms up from the first part to the whole, and only then falls', () => {
    expect(rates({ schedule: 'constant', warmUpEpochs: 2 })).toEqual([0.25, 0.5, 0.75, 1, 1, 1, 1, 1]);
    expect(rates({ schedule: 'constant', warmUpEpochs: 0.5 })).toEqual(Array(8).fill(1));
    expect(rates({ warmUpEpochs: 1.5, decayEvery: 1 }).slice(0, 3)).toEqual(close([1 / 3, 2 / 3, 0.9]));
    const fall = [6, 5, 4, 3, 2, 1].map((left) => (left / 6) ** 0.9);
    expect(rates({ schedule: 'polynomial', warmUpEpochs: 1 })).toEqual(close([0.5, 1, ...fall]));
  });

  it.each<[ScheduleOptions & { epochs?: number }, string]>([
    [
      { schedule: 'linear' as 'step' },
      'The option schedule is linear, expected one of step, polynomial, cosine, constant.',
    ],
    [
      { schedule: 'cosine', decayEvery: 3 },
      'The option decayEvery is 3, expected none with the schedule cosine: it belongs to the schedule step.',
    ],
    [{ warmUpEpochs: -1 }, 'The option warmUpEpochs is -1, expected a finite number at least 0.'],
    [
      { schedule: 'polynomial', warmUpEpochs: 5, epochs: 5 },
      'The option warmUpEpochs is 5, expected a finite number at least 0 and below the 5 epochs.',
    ],
  ])('refuses %o', (options, message) => {
    expect(() => checkSchedule(options)).toThrow(new OptionError(message));
  });
});
