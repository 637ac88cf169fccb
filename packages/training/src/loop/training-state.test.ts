import { describe, expect, it } from 'vitest';
import type { EpochRecord } from './history.ts';
import { initialState, lastProgress, score } from './training-state.ts';

const record = (epoch: number, valDice?: number, valLoss?: number): EpochRecord => ({
  epoch,
  step: epoch,
  learningRate: 1,
  trainLoss: 2,
  lossImage: 1,
  valDice,
  valLoss,
  seconds: 1,
});

describe('the state of training', () => {
  it('scores an epoch by its Dice, or by its training loss where there is none', () => {
    expect(score(record(1, 0.4, 1))).toBe(0.4);
    expect(score(record(1))).toBe(-2);
  });

  it('counts a lower validation loss as progress as well as a better Dice', () => {
    const state = { ...initialState(), best: { epoch: 1, score: 0.02 } };
    expect(lastProgress(initialState())).toBe(0);
    expect(lastProgress({ ...state, history: [record(1, 0.02, 1), record(2, 0, 0.9), record(3, 0, 0.95)] })).toBe(2);
    expect(lastProgress({ ...state, history: [record(1), record(2), record(3)] })).toBe(1);
    const better = { ...state, best: { epoch: 3, score: 0.5 } };
    expect(lastProgress({ ...better, history: [record(1, 0.02, 1), record(2, 0, 0.9), record(3, 0.5, 0.95)] })).toBe(3);
  });
});
