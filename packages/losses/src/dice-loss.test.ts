import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finiteDifferences, referenceDice, sigmoid } from '../test/reference.ts';
import { evaluate, expectAllClose, randomArray, valueOf } from '../test/support.ts';
import { diceLoss } from './dice-loss.ts';
import type { DiceOver } from './internal/soft-dice.ts';

describe('diceLoss', () => {
  it('gives values computed by hand', () => {
    // 2 of 3 foreground voxels met, one false positive: 1 − (2·2 + 1) / (3 + 3 + 1) = 2/7.
    const labels = tf.tensor4d([1, 1, 1, 0], [1, 2, 2, 1]);
    const predictions = tf.tensor4d([1, 1, 0, 1], [1, 2, 2, 1]);
    expect(valueOf(diceLoss(labels, predictions))).toBeCloseTo(2 / 7, 6);
    // s = 0.5: 1 − 4.5 / 6.5.
    expect(valueOf(diceLoss(labels, predictions, { smooth: 0.5 }))).toBeCloseTo(2 / 6.5, 6);
  });

  it('averages over samples and channels instead of summing across them', () => {
    // Channel 0: all right, 0. Channel 1: missed, 1 − 1 / (2 + 1). Channel 2: both empty, 0.
    const labels = tf.tensor4d([1, 1, 0, 1, 1, 0], [1, 1, 2, 3]);
    const predictions = tf.tensor4d([1, 0, 0, 1, 0, 0], [1, 1, 2, 3]);
    expect(valueOf(diceLoss(labels, predictions))).toBeCloseTo(2 / 3 / 3, 6);
    const bySample = [
      tf.tensor4d([1, 1, 1, 1, 0, 0], [3, 1, 2, 1]),
      tf.tensor4d([1, 1, 0, 0, 0, 0], [3, 1, 2, 1]),
    ] as const;
    expect(valueOf(diceLoss(...bySample))).toBeCloseTo(2 / 3 / 3, 6);
  });

  it('sums over the whole batch when told, still a channel by itself', () => {
    // Sample 0 has two voxels, both met; sample 1 is empty and predicted half full: 1 − (2·2 + 1) / (2 + 1 + 2 + 1) =
    // 1/6.
    const labels = tf.tensor4d([1, 1, 0, 0], [2, 1, 2, 1]);
    const predictions = tf.tensor4d([1, 1, 1, 0], [2, 1, 2, 1]);
    expect(valueOf(diceLoss(labels, predictions, { diceOver: 'batch' }))).toBeCloseTo(1 / 6, 6);
    // By sample: 0 and 1 − 1 / (1 + 1).
    expect(valueOf(diceLoss(labels, predictions, { diceOver: 'sample' }))).toBeCloseTo(1 / 4, 6);
    // A second channel, missed altogether with its one voxel: 1 − 1 / (1 + 1).
    const both = tf.tensor4d([1, 0, 1, 0, 0, 0, 0, 1], [2, 1, 2, 2]);
    const predicted = tf.tensor4d([1, 0, 1, 0, 1, 0, 0, 0], [2, 1, 2, 2]);
    expect(valueOf(diceLoss(both, predicted, { diceOver: 'batch' }))).toBeCloseTo((1 / 6 + 1 / 2) / 2, 6);
  });

  it.each([
    ['one channel', [2, 3, 2, 1], [2, 6, 1]],
    ['three channels', [2, 2, 2, 3], [2, 4, 3]],
    ['volumes', [1, 2, 2, 2, 2], [1, 8, 2]],
    ['the batch as one', [2, 2, 2, 3], [1, 8, 3], 'batch'],
    ['the batch as one, one channel', [3, 2, 1, 1], [1, 6, 1], 'batch'],
  ] as [string, number[], [number, number, number], DiceOver?][])(
    'has the gradient of finite differences: %s',
    (_, shape, flat, diceOver) => {
      const labels = randomArray(shape, 4, (u) => (u > 0.6 ? 1 : 0));
      const probabilities = randomArray(shape, 5);
      const logits = randomArray(shape, 6, (u) => 6 * u - 3);
      const t = tf.tensor(labels, shape);
      const direct = evaluate((p) => diceLoss(t, p!, { smooth: 0.7, diceOver }), [tf.tensor(probabilities, shape)]);
      const reference = (p: number[]) => referenceDice(labels, p, flat, 0.7);
      expectAllClose([direct.value], [reference(probabilities)]);
      expectAllClose(direct.gradients[0]!, finiteDifferences(reference, probabilities));
      const options = { smooth: 0.7, fromLogits: true, diceOver };
      const ofLogits = evaluate((z) => diceLoss(t, z!, options), [tf.tensor(logits, shape)]);
      expectAllClose([ofLogits.value], [reference(logits.map(sigmoid))]);
      expectAllClose(
        ofLogits.gradients[0]!,
        finiteDifferences((z) => reference(z.map(sigmoid)), logits),
      );
      expect(direct.left + ofLogits.left).toBe(0);
    },
  );

  it('lies in [0, 1], is symmetric, and is 0 for equal masks', () => {
    const pair = fc.record({ t: fc.integer({ min: 0, max: 1 }), p: fc.integer({ min: 0, max: 1 }) });
    fc.assert(
      fc.property(
        fc.array(pair, { minLength: 1, maxLength: 30 }),
        fc.double({ min: 1e-5, max: 10, noNaN: true }),
        (pairs, smooth) => {
          tf.tidy(() => {
            const t = tf.tensor4d(
              pairs.map((e) => e.t),
              [1, pairs.length, 1, 1],
            );
            const p = tf.tensor4d(
              pairs.map((e) => e.p),
              [1, pairs.length, 1, 1],
            );
            const loss = valueOf(diceLoss(t, p, { smooth }));
            expect(loss).toBeGreaterThanOrEqual(-1e-6);
            expect(loss).toBeLessThanOrEqual(1);
            expect(valueOf(diceLoss(p, t, { smooth }))).toBeCloseTo(loss, 6);
            expect(valueOf(diceLoss(t, t, { smooth }))).toBeCloseTo(0, 6);
          });
        },
      ),
    );
  });

  it('refuses differing shapes, too few axes and a smoothing that is not above 0', () => {
    const image = tf.zeros([1, 2, 2, 1]);
    expect(() => diceLoss(image, tf.zeros([1, 2, 3, 1]))).toThrow(
      'labels [1, 2, 2, 1] and predictions [1, 2, 3, 1] differ',
    );
    expect(() => diceLoss(tf.zeros([4, 2]), tf.zeros([4, 2]))).toThrow(
      'labels have the shape [4, 2], expected [N, H, W, C].',
    );
    expect(() => diceLoss(image, image, { smooth: 0 })).toThrow('smooth is 0, expected a finite number above 0.');
    expect(() => diceLoss(image, image, { smooth: NaN })).toThrow('smooth is NaN');
  });
});
