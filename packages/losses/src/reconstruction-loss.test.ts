import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { finiteDifferences, referenceBce, sigmoid } from '../test/reference.ts';
import { evaluate, expectAllClose, randomArray, valueOf } from '../test/support.ts';
import { reconstructionLoss } from './reconstruction-loss.ts';

describe('reconstructionLoss', () => {
  it('takes the image as soft target: a perfect reconstruction leaves the entropy of the image', () => {
    const gray = tf.fill([1, 2, 2, 1], 0.25);
    // −¼·log ¼ − ¾·log ¾.
    expect(valueOf(reconstructionLoss(gray, gray))).toBeCloseTo(0.56233514, 6);
    expect(valueOf(reconstructionLoss(gray, tf.fill([1, 2, 2, 1], Math.log(1 / 3)), { fromLogits: true }))).toBeCloseTo(
      0.56233514,
      6,
    );
  });

  it('has the gradient of finite differences', () => {
    const image = randomArray([1, 2, 3, 2], 30);
    const logits = randomArray([1, 2, 3, 2], 31, (u) => 4 * u - 2);
    const { gradients, left } = evaluate(
      (z) => reconstructionLoss(tf.tensor(image, [1, 2, 3, 2]), z!, { fromLogits: true }),
      [tf.tensor(logits, [1, 2, 3, 2])],
    );
    expectAllClose(
      gradients[0]!,
      finiteDifferences((z) => referenceBce(image, z.map(sigmoid)), logits),
    );
    expect(left).toBe(0);
  });

  it('names its own arguments when shapes differ', () => {
    expect(() => reconstructionLoss(tf.zeros([1, 2, 2, 1]), tf.zeros([1, 2, 2, 4]))).toThrow(
      'image [1, 2, 2, 1] and reconstruction [1, 2, 2, 4] differ in shape, expected the same shape.',
    );
  });
});
