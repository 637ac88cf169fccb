import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floodFill } from '../test/brute-force.ts';
import { drawn, maskPairs } from '../test/masks.ts';
import { connectedComponents, type Connectivity } from './connected-components.ts';

describe('connectedComponents', () => {
  const mask = drawn(`
    #.#.
    #.#.
    ###.
    ...#`);

  it('joins branches that meet late, and diagonals by default', () => {
    expect(connectedComponents(mask)).toEqual({
      labels: Int32Array.of(1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 0, 0, 0, 1),
      count: 1,
      sizes: [8],
    });
    const { count, sizes } = connectedComponents(mask, { connectivity: 4 });
    expect([count, sizes]).toEqual([2, [7, 1]]);
  });

  it('agrees with a flood fill in one, two and three axes, for each connectivity', () => {
    const known: Connectivity[][] = [[2], [4, 8], [6, 18, 26]];
    fc.assert(
      fc.property(maskPairs, ([one]) => {
        known[one.shape.length - 1]!.forEach((connectivity, i) => {
          const { labels, count, sizes } = connectedComponents(one, { connectivity });
          const expected = floodFill(one, i + 1);
          expect(Array.from(labels)).toEqual(expected);
          expect(count).toBe(Math.max(0, ...expected));
          expect(sizes).toEqual(Array.from({ length: count }, (_, k) => expected.filter((l) => l === k + 1).length));
        });
      }),
      { numRuns: 200 },
    );
  });

  it('finds nothing in an empty mask', () => {
    expect(connectedComponents({ data: [0, 0], shape: [2] })).toEqual({
      labels: Int32Array.of(0, 0),
      count: 0,
      sizes: [],
    });
  });

  it('refuses a connectivity of another number of axes, and masks that are none', () => {
    expect(() => connectedComponents(mask, { connectivity: 26 })).toThrow(
      'connectivity is 26, expected 4 or 8 for a mask of 2 axes.',
    );
    expect(() => connectedComponents({ data: [1], shape: [2] })).toThrow('The mask has 1 voxels, expected 2');
    expect(() => connectedComponents({ data: [NaN], shape: [1] })).toThrow('The mask is NaN at index 0');
  });
});
