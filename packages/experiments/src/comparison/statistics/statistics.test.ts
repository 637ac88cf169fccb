import { describe, expect, it } from 'vitest';
import { bootstrapInterval } from './bootstrap.ts';
import { holmAdjusted } from './holm.ts';
import { meanDeviation } from './mean-deviation.ts';
import { midRanks } from './mid-ranks.ts';
import { twoSidedNormal } from './normal.ts';
import { signedRankTest } from './signed-rank.ts';

/** Darwin's maize: cross-fertilised minus self-fertilised plants, in eighths of an inch. */
const maize = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75];

describe('mean and deviation', () => {
  it('divide by n − 1 and leave out what does not exist', () => {
    // 2, 4, 9: mean 5, squares 9 + 1 + 16 = 26, 26 / 2 = 13.
    expect(meanDeviation([2, null, 4, undefined, 9])).toEqual({ mean: 5, deviation: Math.sqrt(13), n: 3 });
    expect(meanDeviation([7])).toEqual({ mean: 7, deviation: null, n: 1 });
    expect(meanDeviation([null])).toEqual({ mean: null, deviation: null, n: 0 });
  });
});

describe('mid-ranks', () => {
  it('are shared by equal values', () => {
    expect(midRanks([3, 1, 3, 0, 3, 7])).toEqual([4, 2, 4, 1, 4, 6]);
    expect(midRanks([])).toEqual([]);
  });
});

describe('signed-rank test', () => {
  it("gives the published p of Hollander and Wolfe's depression scores and of Darwin's maize", () => {
    // Nonparametric Statistical Methods, example 3.1; R's wilcox.test: V = 40, p = 0.03906 (two-sided).
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    const depression = signedRankTest(before.map((value, index) => value - after[index]!));
    expect([depression.positiveRanks, depression.negativeRanks]).toEqual([40, 5]);
    expect(depression.p).toBeCloseTo(0.0390625, 12);
    // The example of scipy.stats.wilcoxon.
    const plants = signedRankTest(maize);
    expect([plants.positiveRanks, plants.negativeRanks]).toEqual([96, 24]);
    expect(plants.p).toBeCloseTo(0.041259765625, 12);
  });

  it('ranks zeros with the others and then leaves them out, exact with ties too', () => {
    // scipy 1.17.1: wilcoxon(d, zero_method='pratt', method=PermutationMethod(n_resamples=inf)).
    const test = signedRankTest([0, 0, 1, 1, -1, 2, -3, 3, 3, 4, 5, -2]);
    expect(test).toMatchObject({ n: 12, zeros: 2, negativeRanks: 19.5, isExact: true });
    expect(test.p).toBeCloseTo(0.177734375, 12);
  });

  it('counts all assignments of signs: by hand for three differences', () => {
    // Sums of positive ranks of the 8 assignments: 0 1 2 3 3 4 5 6.
    const p = (...differences: number[]): number => signedRankTest(differences).p;
    expect(p(1, 2, 3)).toBe(0.25);
    expect(p(-1, 2, 3)).toBe(0.5);
    expect(p(1, -2, 3)).toBe(0.75);
    expect(p(1, 2, -3)).toBe(1);
    expect(p(-1, -2, -3)).toBe(0.25);
  });

  it('says which p is the smallest that so many differences can give', () => {
    expect(signedRankTest([0.1, 0.2, 0.3]).smallestP).toBe(0.25);
    expect(signedRankTest([0.1, 0.2, 0, 0.3, -0.1, 5]).smallestP).toBe(1 / 16);
    expect(signedRankTest([0, 0])).toMatchObject({ p: 1, smallestP: 1, zeros: 2 });
    expect(signedRankTest([])).toMatchObject({ n: 0, p: 1, smallestP: 1 });
  });

  it('takes differences that differ by rounding only for equal', () => {
    const test = signedRankTest([0.1 + 0.2 - 0.3, 0.3 - 0.1, -0.2]);
    expect(test).toMatchObject({ zeros: 1, positiveRanks: 2.5, negativeRanks: 2.5 });
  });

  it('takes the normal approximation for many differences, corrected for ties and zeros', () => {
    // scipy 1.17.1: wilcoxon(d, zero_method='pratt', method='asymptotic', correction=False).
    const differences = Array.from({ length: 120 }, (_, index) => Math.round(10 * Math.sin(index + 1) + 1.2) / 10);
    const test = signedRankTest(differences);
    expect(test).toMatchObject({ n: 120, zeros: 4, isExact: false });
    expect(Math.min(test.positiveRanks, test.negativeRanks)).toBe(2799);
    expect(test.p).toBeCloseTo(0.03033494639930018, 7);
  });
});

describe('normal distribution', () => {
  it('has the tails of the tables', () => {
    const expected = [1, 0.31731050786, 0.0499957902965, 5.73303143758e-7];
    [0, -1, 1.96, 5].forEach((z, index) => expect(twoSidedNormal(z) / expected[index]!).toBeCloseTo(1, 6));
  });
});

describe("Holm's correction", () => {
  it('multiplies the k-th smallest of m by m − k + 1, and never falls', () => {
    // By hand; R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") gives 0.03 0.06 0.06 0.02.
    expect(holmAdjusted([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holmAdjusted([0.6, 0.5])).toEqual([1, 1]);
    expect(holmAdjusted([0.2])).toEqual([0.2]);
    expect(holmAdjusted([])).toEqual([]);
  });
});

describe('bootstrap interval', () => {
  it('agrees with scipy.stats.bootstrap on the same method', () => {
    // scipy 1.17.1, percentile, 200,000 resamples: 1.333, 38.133.
    const [low, high] = bootstrapInterval(maize, { resamples: 100_000 })!;
    expect(Math.abs(low - 1.3333)).toBeLessThan(0.35);
    expect(Math.abs(high - 38.1333)).toBeLessThan(0.35);
  });

  it('is that of all resamples: by hand for two values', () => {
    // The means 0, 1/2 and 1 have the probabilities 1/4, 1/2 and 1/4.
    expect(bootstrapInterval([0, 1])).toEqual([0, 1]);
    expect(bootstrapInterval([0, 1], { level: 0.4 })).toEqual([0.5, 0.5]);
  });

  it('follows from its seed, and needs two values', () => {
    expect(bootstrapInterval(maize, { seed: 3 })).toEqual(bootstrapInterval(maize, { seed: 3 }));
    expect(bootstrapInterval(maize, { seed: 3 })).not.toEqual(bootstrapInterval(maize, { seed: 4 }));
    expect(bootstrapInterval([1])).toBeUndefined();
  });
});
