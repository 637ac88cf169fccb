import { describe, expect, it } from 'vitest';
import { historyCsv, parseHistoryCsv, type EpochRecord } from './history.ts';
import { learningRateAt, paperSchedule } from './schedules.ts';

describe('history.csv', () => {
  const history: EpochRecord[] = [
    { epoch: 1, step: 7, learningRate: 3e-4, trainLoss: 1.5, lossImage: 1.25, valLoss: 1.4, valDice: 0.5, seconds: 2 },
    {
      epoch: 2,
      step: 14,
      learningRate: 3e-4,
      trainLoss: 1.2,
      lossImage: 1,
      lossMask: 0.25,
      lossIntermediate: 0.01,
      seconds: 2.5,
    },
  ];

  it('has the promised header, and empty fields for what there is not', () => {
    expect(historyCsv(history)).toBe(
      'epoch,step,learning_rate,train_loss,loss_image,loss_mask,loss_intermediate,loss_reconstruction,val_loss,val_dice,seconds\n' +
        '1,7,0.0003,1.5,1.25,,,,1.4,0.5,2\n' +
        '2,14,0.0003,1.2,1,0.25,0.01,,,,2.5\n',
    );
  });

  it('has columns at the end for terms that only some runs have', () => {
    const deep = history.map((record) => ({ ...record, lossDeepSupervision: 1.75 }));
    expect(historyCsv(deep).split('\n')[0]).toMatch(/,val_dice,seconds,loss_deep_supervision$/);
    expect(historyCsv(deep).split('\n')[1]).toMatch(/,0\.5,2,1\.75$/);
    expect(parseHistoryCsv(historyCsv(deep))).toEqual(deep);
  });

  it('has the smoothed score where there is one', () => {
    const smoothed = history.map((record) => ({ ...record, smoothedScore: 0.125 }));
    expect(historyCsv(smoothed).split('\n')[0]).toMatch(/,val_dice,seconds,smoothed_score$/);
    expect(parseHistoryCsv(historyCsv(smoothed))).toEqual(smoothed);
  });

  it('is read back as it was', () => {
    expect(parseHistoryCsv(historyCsv(history))).toEqual(history);
    expect(parseHistoryCsv(historyCsv([]))).toEqual([]);
  });
});

describe('learningRateAt', () => {
  it('is multiplied by 0.9 every three epochs', () => {
    const rates = [1, 3, 4, 6, 7].map((epoch) => learningRateAt(epoch, paperSchedule));
    expect(rates).toEqual([3e-4, 3e-4, 2.7e-4, 2.7e-4, 2.43e-4].map((rate) => expect.closeTo(rate, 10)));
  });
});
