import type { PairedTest } from '@interseg/experiments';
import { expect, it } from 'vitest';
import { verdict } from './verdict.ts';

function test(given: Partial<PairedTest>): PairedTest {
  return {
    variant: 'twi-unet',
    pairs: 20,
    leftOut: 0,
    n: 20,
    zeros: 0,
    positiveRanks: 200,
    negativeRanks: 10,
    p: 0.001,
    isExact: true,
    smallestP: 2 ** -19,
    meanDifference: 0.05,
    interval: [0.01, 0.09],
    adjustedP: 0.002,
    ...given,
  };
}

function say(canConclude: boolean, ...comparisons: PairedTest[]): string {
  const tests = { baseline: 'unet', test: '', correction: '', interval: '', level: 0.05, canConclude, comparisons };
  return verdict({ tests });
}

it('says that too few patients allow no conclusion, and which p they could reach at best', () => {
  expect(say(false, test({ n: 3, smallestP: 0.25 }), test({ variant: 'ae-unet', n: 3, smallestP: 0.25 }))).toBe(
    'Nothing can be concluded: with 3 test patients and 2 comparisons no p below 0.50 is possible, whatever the results.',
  );
});

it('does not name a p above 1', () => {
  expect(say(false, test({ n: 1, smallestP: 1 }))).toBe(
    'Nothing can be concluded: with 1 test patient and 1 comparison p is 1, whatever the results.',
  );
});

it('does not take a missing difference for equality', () => {
  expect(say(true, test({ adjustedP: 0.3 }))).toMatch(
    /^No variant differs significantly from U-Net .*does not show that they are equal/,
  );
});

it('names better and worse variants, by the ranks', () => {
  const worse = test({ variant: 'ae-unet', positiveRanks: 10, negativeRanks: 200 });
  expect(say(true, test({}), worse)).toBe(
    'In Dice (level 0.05, 20 test patients), better than U-Net: TWI-U-Net; worse than U-Net: AE-U-Net.',
  );
});

it('says that a baseline alone has nothing to be compared with', () => {
  expect(say(false)).toBe('There is nothing to compare U-Net with.');
});
