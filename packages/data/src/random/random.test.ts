import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';

const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next);

describe('createRandom', () => {
  it('gives the same numbers for the same seed, others for another', () => {
    expect(draw(5, createRandom(7).next)).toEqual(draw(5, createRandom('7').next));
    expect(draw(5, createRandom(7).next)).not.toEqual(draw(5, createRandom(8).next));
  });

  it('gives these numbers, on every machine and in every version', () => {
    // A change here changes every split and phantom that users have made: it needs a major version.
    expect(draw(3, createRandom(1).next)).toEqual([0.7523150422903773, 0.3725650922004037, 0.06562480832737927]);
  });

  it('is uniform in [0, 1)', () => {
    const random = createRandom(3);
    const counts = new Array<number>(10).fill(0);
    for (let index = 0; index < 100_000; index++) counts[Math.floor(random.next() * 10)]!++;
    // The standard deviation of a count is √(100000 · 0.1 · 0.9) ≈ 95: six of them.
    counts.forEach((count) => expect(Math.abs(count - 10_000)).toBeLessThan(570));
  });

  it('has normal numbers with mean 0, deviation 1 and the right tails', () => {
    const random = createRandom(4);
    const values = draw(100_000, random.normal);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
    // P(|z| > 1.96) = 0.05.
    expect(values.filter((v) => Math.abs(v) > 1.96).length / values.length).toBeCloseTo(0.05, 2);
  });

  it('shuffles to permutations, each position reached by each element equally often', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer()), (seed, array) => {
        const shuffled = createRandom(seed).shuffle([...array]);
        expect([...shuffled].sort((a, b) => a - b)).toEqual([...array].sort((a, b) => a - b));
      }),
    );
    const random = createRandom(5);
    const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
    for (let round = 0; round < 40_000; round++) random.shuffle([0, 1, 2, 3]).forEach((v, at) => counts[at]![v]!++);
    counts.flat().forEach((count) => expect(Math.abs(count - 10_000)).toBeLessThan(520));
  });

  it('forks by name alone, however many numbers were drawn', () => {
    const random = createRandom(1);
    const before = random.fork('noise').next();
    random.next();
    expect(random.fork('noise').next()).toBe(before);
    expect(random.fork('bias').next()).not.toBe(before);
    expect(random.fork('a').fork('b').next()).not.toBe(random.fork('b').fork('a').next());
  });
});
