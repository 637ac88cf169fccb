import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directedDistances } from '../test/brute-force.ts';
import { drawn, maskPairs } from '../test/masks.ts';
import { averageSymmetricSurfaceDistance } from './average-surface-distance.ts';
import { hausdorffDistance } from './hausdorff-distance.ts';
import type { Mask } from './mask.ts';
import { surfaceDistances } from './surface-distances.ts';

const sorted = (values: ArrayLike<number>) => Array.from(values).sort((a, b) => a - b);

describe('surfaceDistances', () => {
  it('takes voxels with a background neighbour across a face, the outside of the image included', () => {
    const point = drawn(`
      .....
      .....
      ..#..
      .....
      .....`);
    const solid = (picture: string) => surfaceDistances(drawn(picture), point).predictionToReference.length;
    const square = `
      .....
      .###.
      .###.
      .###.
      .....`;
    expect(solid(square)).toBe(8);
    const all = `
      #####
      #####
      #####
      #####
      #####`;
    expect(solid(all)).toBe(16);
    // Only a diagonal neighbour of the middle is missing: the middle is no surface voxel.
    expect(solid(square.replace('.###.', '.##..'))).toBe(7);
  });

  it('gives distances computed by hand, with a spacing that differs by axis', () => {
    const a = drawn('#....\n.....\n.....', [2, 0.5]);
    const b = drawn('....#\n.....\n.#...', [2, 0.5]);
    const { predictionToReference, referenceToPrediction } = surfaceDistances(a, b);
    // (0, 4·0.5) = 2 is nearer than (2·2, 0.5).
    expect(sorted(predictionToReference)).toEqual([2]);
    expect(sorted(referenceToPrediction)).toEqual([2, Math.hypot(4, 0.5)]);
  });

  it('agrees with brute force in one, two and three axes', () => {
    fc.assert(
      fc.property(maskPairs, ([a, b]) => {
        const { predictionToReference, referenceToPrediction } = surfaceDistances(a, b);
        const pairs = [
          [sorted(predictionToReference), sorted(directedDistances(a, b))],
          [sorted(referenceToPrediction), sorted(directedDistances(b, a))],
        ] as const;
        for (const [actual, expected] of pairs) {
          expect(actual.length).toBe(expected.length);
          actual.forEach((distance, i) => expect(distance).toBeCloseTo(expected[i]!, 9));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('agrees with brute force where surfaces are far apart', () => {
    // Sparse sites along and beside long lines, further apart than the last pass looks before it takes the envelope.
    const cells = fc.uniqueArray(fc.nat({ max: 60 * 2 * 2 - 1 }), { minLength: 1, maxLength: 6 });
    const longMask = (indices: number[], shape: readonly number[]): Mask => {
      const data = new Uint8Array(60 * 2 * 2);
      indices.forEach((index) => (data[index] = 1));
      return { data, shape, spacing: shape.map((_, axis) => [0.7, 1.3, 2][axis]!) };
    };
    const shapes = fc.constantFrom([60, 2, 2], [2, 60, 2], [2, 2, 60], [60, 4], [240]);
    fc.assert(
      fc.property(cells, cells, shapes, (first, second, shape) => {
        const [a, b] = [longMask(first, shape), longMask(second, shape)];
        const actual = sorted(surfaceDistances(a, b).predictionToReference);
        const expected = sorted(directedDistances(a, b));
        expect(actual.length).toBe(expected.length);
        actual.forEach((distance, i) => expect(distance).toBeCloseTo(expected[i]!, 9));
      }),
      { numRuns: 300 },
    );
  });

  it('does not change when background is put around the masks', () => {
    const embedded = (data: ArrayLike<number>, shape: readonly number[]) => {
      const wide = new Uint8Array((shape[0]! + 3) * (shape[1]! + 5));
      for (let y = 0; y < shape[0]!; y++) {
        for (let x = 0; x < shape[1]!; x++) {
          wide[(y + 1) * (shape[1]! + 5) + x + 2] = data[y * shape[1]! + x]!;
        }
      }
      return { data: wide, shape: [shape[0]! + 3, shape[1]! + 5] };
    };
    fc.assert(
      fc.property(
        maskPairs.filter(([a]) => a.shape.length === 2),
        ([a, b]) => {
          const bare = surfaceDistances({ ...a, spacing: undefined }, { ...b, spacing: undefined });
          expect(surfaceDistances(embedded(a.data, a.shape), embedded(b.data, b.shape))).toEqual(bare);
        },
      ),
    );
  });
});

describe('hausdorffDistance and averageSymmetricSurfaceDistance', () => {
  // Distances by hand: from the column of five at x = 0 to the one voxel (0, 3), and back.
  const column = drawn(`
    #...
    #...
    #...
    #...
    #...`);
  const voxel = drawn(`
    ...#
    ....
    ....
    ....
    ....`);
  const there = [0, 1, 2, 3, 4].map((y) => Math.hypot(y, 3));

  it('give values computed by hand', () => {
    expect(hausdorffDistance(column, voxel)).toBe(5);
    // Position 4·0.95 = 3.8 between √18 and 5; the way back is 3 throughout.
    const directed = Math.sqrt(18) + 0.8 * (5 - Math.sqrt(18));
    expect(hausdorffDistance(column, voxel, { percentile: 95 })).toBeCloseTo(directed, 12);
    expect(hausdorffDistance(voxel, column, { percentile: 95 })).toBeCloseTo(directed, 12);
    // Six distances pooled: position 5·0.95 = 4.75.
    const pooled = Math.sqrt(18) + 0.75 * (5 - Math.sqrt(18));
    expect(hausdorffDistance(column, voxel, { percentile: 95, definition: 'pooled' })).toBeCloseTo(pooled, 12);
    const sum = there.reduce((a, b) => a + b, 0);
    expect(averageSymmetricSurfaceDistance(column, voxel)).toBeCloseTo((sum + 3) / 6, 12);
    expect(averageSymmetricSurfaceDistance(column, voxel, { definition: 'directed' })).toBeCloseTo(
      (sum / 5 + 3) / 2,
      12,
    );
  });

  it('are infinite for one empty mask and the empty value for two', () => {
    const empty = { data: new Uint8Array(20), shape: [5, 4] };
    for (const metric of [hausdorffDistance, averageSymmetricSurfaceDistance]) {
      expect(metric(empty, column, { emptyValue: 0 })).toBe(Infinity);
      expect(metric(column, empty, { emptyValue: 0 })).toBe(Infinity);
      expect(metric(empty, empty)).toBeNaN();
      expect(metric(empty, empty, { emptyValue: 0 })).toBe(0);
    }
    expect(hausdorffDistance(empty, column, { percentile: 95, definition: 'pooled' })).toBe(Infinity);
  });

  it('obey their laws', () => {
    fc.assert(
      fc.property(maskPairs, fc.integer({ min: 0, max: 100 }), ([a, b], percentile) => {
        for (const definition of ['directed', 'pooled'] as const) {
          const distance = hausdorffDistance(a, b, { percentile, definition });
          expect(hausdorffDistance(b, a, { percentile, definition })).toEqual(distance);
          expect(hausdorffDistance(a, a, { percentile, definition, emptyValue: 0 })).toBe(0);
          if (!Number.isNaN(distance)) {
            expect(distance).toBeLessThanOrEqual(hausdorffDistance(a, b));
          }
        }
        const average = averageSymmetricSurfaceDistance(a, b, { emptyValue: 0 });
        expect(average).toBeLessThanOrEqual(hausdorffDistance(a, b, { emptyValue: 0 }) + 1e-12);
      }),
    );
  });

  it('refuse a percentile out of range and masks that differ in shape', () => {
    expect(() => hausdorffDistance(column, voxel, { percentile: 101 })).toThrow(
      'percentile is 101, expected a number in [0, 100].',
    );
    expect(() => hausdorffDistance(column, voxel, { percentile: NaN })).toThrow('percentile is NaN');
    const other = { data: [1], shape: [1, 1] };
    expect(() => hausdorffDistance(column, other)).toThrow('expected the same shape');
    expect(() => averageSymmetricSurfaceDistance(column, other)).toThrow('expected the same shape');
  });
});
