import { describe, expect, it } from 'vitest';
import type { EpochRecord } from '../loop/history.ts';
import { missedClasses } from './missed-classes.ts';

const record = (epoch: number, missed?: EpochRecord['missed']): EpochRecord => ({
  epoch,
  step: epoch,
  learningRate: 1e-3,
  trainLoss: 1,
  lossImage: 1,
  seconds: 1,
  ...(missed && { missed }),
});
const classes = [{ name: 'thalamus' }, { name: 'putamen' }];

describe('missedClasses', () => {
  it('tells of the best epoch, by name', () => {
    const history = [record(1, [{ channel: 1, highest: 0.1 }]), record(2, [{ channel: 0, highest: 0.417 }]), record(3)];
    expect(missedClasses({ history, best: { epoch: 2, score: 0.5 } }, classes)).toBe(
      'the probability of thalamus (at most 0.42) never reaches 0.5 in the validation cases, so no voxel is predicted: train for more epochs or with a higher learning rate.',
    );
  });

  it('is silent when the best epoch predicts every class', () => {
    const history = [record(1, [{ channel: 1, highest: 0.1 }]), record(2)];
    expect(missedClasses({ history, best: { epoch: 2, score: 0.5 } }, classes)).toBeUndefined();
    expect(missedClasses({ history: [] }, classes)).toBeUndefined();
  });
});
