import { describe, expect, it } from 'vitest';
import type { EpochRecord } from './history.ts';
import { bestEpoch, initialState, lastProgress, score, smoothScore } from './training-state.ts';

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

  it('smooths the score over the epochs before', () => {
    const history: EpochRecord[] = [];
    for (const [index, dice] of [0.2, 0.6, 0.3, 0.5].entries()) {
      const one = record(index + 1, dice);
      history.push({ ...one, smoothedScore: smoothScore(history.at(-1), one, 0.75) });
    }
    expect(history.map(score)).toEqual([0.2, 0.3, 0.3, 0.35].map((value) => expect.closeTo(value, 12)));
    // Each epoch alone, it would be the second.
    expect(bestEpoch(history)?.epoch).toBe(4);
    expect(smoothScore({ ...record(1), smoothedScore: -4 }, record(2), 0.5)).toBe(-3);
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
