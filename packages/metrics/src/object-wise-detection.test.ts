import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawn, maskPairs } from '../test/masks.ts';
import { objectWiseDetection } from './object-wise-detection.ts';
import { dice, sensitivity } from './overlap.ts';

describe('objectWiseDetection', () => {
  // Reference: 1 (four voxels), 2 (two), 3 (one). Prediction: a blob over 1 and 2, and two false objects.
  const reference = drawn(
    `
    ##..##..
    ##......
    ........
    ...#....`,
    [1, 2],
  );
  const prediction = drawn(`
    #######.
    ........
    #.......
    ......##`);

  it('gives values computed by hand', () => {
    const result = objectWiseDetection(prediction, reference);
    expect(result.objects).toEqual([
      // The blob has 7 voxels: 2 in object 1, 2 in object 2, and 3 elsewhere, which go to object 1 (equal, lower
      // label).
      { label: 1, voxels: 4, volume: 8, detected: true, sensitivity: 2 / 4, dice: 4 / (4 + 5) },
      { label: 2, voxels: 2, volume: 4, detected: true, sensitivity: 1, dice: 4 / (2 + 2) },
      { label: 3, voxels: 1, volume: 2, detected: false, sensitivity: 0, dice: 0 },
    ]);
    expect(result.falsePositives).toEqual([
      { label: 2, voxels: 1, volume: 2 },
      { label: 3, voxels: 2, volume: 4 },
    ]);
    expect(result).toMatchObject({ detected: 2, missed: 1, predictedObjects: 3, sensitivity: 2 / 3, precision: 1 / 3 });
    expect(result.f1).toBeCloseTo(4 / 9, 12);
  });

  it('asks both sides for the minimum overlap', () => {
    // Object 1 is covered by half, the blob lies in objects by 4 of 7.
    const counts = (minimumOverlap: number) => {
      const { detected, falsePositives } = objectWiseDetection(prediction, reference, { minimumOverlap });
      return [detected, falsePositives.length];
    };
    expect(counts(0.5)).toEqual([2, 2]);
    expect(counts(0.55)).toEqual([1, 2]);
    expect(counts(0.6)).toEqual([1, 3]);
  });

  it('handles empty masks', () => {
    const empty = drawn('........\n........\n........\n........');
    const missed = objectWiseDetection(empty, reference);
    expect(missed).toMatchObject({ detected: 0, missed: 3, falsePositives: [], sensitivity: 0, precision: NaN, f1: 0 });
    const invented = objectWiseDetection(prediction, empty);
    expect(invented).toMatchObject({ objects: [], predictedObjects: 3, sensitivity: NaN, precision: 0, f1: 0 });
    expect(objectWiseDetection(empty, empty)).toMatchObject({ sensitivity: NaN, precision: NaN, f1: NaN });
    expect(objectWiseDetection(empty, empty, { emptyValue: 1 })).toMatchObject({ sensitivity: 1, precision: 1, f1: 1 });
  });

  it('adds up: objects and attributed voxels to the masks, one object to the plain metrics', () => {
    fc.assert(
      fc.property(maskPairs, ([a, b]) => {
        const { objects, falsePositives, predictedObjects, detected } = objectWiseDetection(a, b);
        const voxels = (mask: { data: ArrayLike<number> }) => Array.from(mask.data).filter((v) => v !== 0).length;
        expect(objects.reduce((sum, object) => sum + object.voxels, 0)).toBe(voxels(b));
        // From the Dice of an object that is met follows how many predicted voxels it was given.
        const given = objects.filter((object) => object.detected);
        const attributed = given.reduce((sum, o) => sum + (2 * o.sensitivity * o.voxels) / o.dice - o.voxels, 0);
        const invented = falsePositives.reduce((sum, object) => sum + object.voxels, 0);
        expect(attributed + invented).toBeCloseTo(voxels(a), 6);
        expect(detected === 0).toBe(falsePositives.length === predictedObjects);
        if (objects.length === 1 && falsePositives.length === 0 && predictedObjects > 0) {
          expect(objects[0]!.dice).toBeCloseTo(dice(a, b), 12);
          expect(objects[0]!.sensitivity).toBeCloseTo(sensitivity(a, b), 12);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('refuses an overlap out of range, and masks that differ in shape', () => {
    expect(() => objectWiseDetection(prediction, reference, { minimumOverlap: 1.5 })).toThrow(
      'minimumOverlap is 1.5, expected a number in [0, 1].',
    );
    expect(() => objectWiseDetection(prediction, drawn('#'))).toThrow('expected the same shape');
    expect(() => objectWiseDetection(prediction, reference, { connectivity: 6 })).toThrow('expected 4 or 8');
  });
});
