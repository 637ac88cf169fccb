import fc from 'fast-check';
import { OptionError } from '@interseg/errors';
import { describe, expect, it } from 'vitest';
import { drawn, maskPairs } from '../test/masks.ts';
import { dice, jaccard, precision, sensitivity, specificity } from './overlap.ts';

// Two true positives, one false positive, three false negatives, six true negatives.
const prediction = drawn(`
  ##..
  #...
  ....`);
const reference = drawn(`
  ##..
  ..##
  .#..`);
const empty = drawn(`
  ....
  ....
  ....`);

describe('overlap metrics', () => {
  it('give values computed by hand', () => {
    expect(dice(prediction, reference)).toBeCloseTo(4 / 8, 12);
    expect(jaccard(prediction, reference)).toBeCloseTo(2 / 6, 12);
    expect(sensitivity(prediction, reference)).toBeCloseTo(2 / 5, 12);
    expect(precision(prediction, reference)).toBeCloseTo(2 / 3, 12);
    expect(specificity(prediction, reference)).toBeCloseTo(6 / 7, 12);
  });

  it('give the empty value when both masks are empty, NaN by default', () => {
    for (const metric of [dice, jaccard, sensitivity, precision]) {
      expect(metric(empty, empty)).toBeNaN();
      expect(metric(empty, empty, { emptyValue: 1 })).toBe(1);
    }
    expect(specificity(empty, empty)).toBe(1);
  });

  it('give 0 for one empty mask, and NaN for a rate of nothing', () => {
    for (const metric of [dice, jaccard]) {
      expect(metric(empty, reference, { emptyValue: 1 })).toBe(0);
      expect(metric(prediction, empty, { emptyValue: 1 })).toBe(0);
    }
    expect(sensitivity(empty, reference)).toBe(0);
    expect(precision(prediction, empty)).toBe(0);
    expect(sensitivity(prediction, empty, { emptyValue: 1 })).toBeNaN();
    expect(precision(empty, reference, { emptyValue: 1 })).toBeNaN();
    const full = { data: [1, 1], shape: [2] };
    expect(specificity(full, full)).toBeNaN();
  });

  it('count every number other than 0 as foreground, in any kind of array', () => {
    const labels = { data: new Float32Array([0, 0.5, -3, 255, 0, 0]), shape: [6] };
    expect(dice(labels, { data: [0, 1, 1, 0, 1, 0], shape: [6] })).toBeCloseTo(4 / 6, 12);
  });

  it('obey their laws', () => {
    fc.assert(
      fc.property(maskPairs, ([a, b]) => {
        const d = dice(a, b);
        fc.pre(!Number.isNaN(d));
        expect(d).toBeGreaterThanOrEqual(0);
        expect(d).toBeLessThanOrEqual(1);
        expect(dice(b, a)).toBe(d);
        expect(jaccard(a, b)).toBeCloseTo(d / (2 - d), 12);
        expect(sensitivity(a, b)).toEqual(precision(b, a));
        if (d > 0) {
          const [s, p] = [sensitivity(a, b), precision(a, b)];
          expect((2 * s * p) / (s + p)).toBeCloseTo(d, 12);
        }
      }),
    );
  });

  it('refuse masks that do not fit each other or themselves', () => {
    const square = { data: [0, 1, 1, 0], shape: [2, 2] };
    expect(() => dice(square, { data: [0, 1, 1, 0], shape: [1, 4] })).toThrow(
      'The shapes of prediction [2, 2] and reference [1, 4] differ, expected the same shape.',
    );
    expect(() => dice(square, { data: [0, 1, 1, 0], shape: [1, 2, 2] })).toThrow('expected the same shape');
    expect(() => dice({ ...square, spacing: [1, 2] }, { ...square, spacing: [1, 3] })).toThrow(
      'The spacings of prediction [1, 2] and reference [1, 3] differ, expected the same spacing.',
    );
    expect(dice({ ...square, spacing: [0.7, 2] }, { ...square, spacing: [Math.fround(0.7), 2] })).toBe(1);
    expect(() => dice(square, { data: [0, 1, 1], shape: [2, 2] })).toThrow(OptionError);
    expect(() => dice(square, { data: [0, 1, 1], shape: [2, 2] })).toThrow(
      'The reference has 3 voxels, expected 4 for its shape [2, 2].',
    );
    expect(() => dice({ data: [], shape: [] }, square)).toThrow(
      'The shape of the prediction is [], expected one to three axes.',
    );
    expect(() => dice({ data: [], shape: [0, 2] }, square)).toThrow('expected whole numbers of at least 1');
    expect(() => dice({ ...square, spacing: [1, 0] }, square)).toThrow(
      'The spacing of the prediction is [1, 0], expected 2 numbers above 0.',
    );
    expect(() => dice(square, { ...square, spacing: [1] })).toThrow('The spacing of the reference is [1]');
    expect(() => dice({ data: [0, NaN, 1, 0], shape: [2, 2] }, square)).toThrow(
      'The prediction is NaN at index 1, expected a number.',
    );
    expect(() => dice(square, { data: [0, 0, 0, NaN], shape: [2, 2] })).toThrow('The reference is NaN at index 3');
  });
});
