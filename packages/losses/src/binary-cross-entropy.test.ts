import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finiteDifferences, referenceBce, sigmoid } from '../test/reference.ts';
import { evaluate, expectAllClose, randomArray, valueOf } from '../test/support.ts';
import { binaryCrossEntropy } from './binary-cross-entropy.ts';

const shape: [number, number, number, number] = [2, 3, 2, 2];

describe('binaryCrossEntropy', () => {
  it('gives values computed by hand', () => {
    // −log 0.8 and −log 0.5; their mean.
    const loss = binaryCrossEntropy(tf.tensor4d([1, 0], [1, 1, 2, 1]), tf.tensor4d([0.8, 0.5], [1, 1, 2, 1]));
    expect(loss.shape).toEqual([]);
    expect(valueOf(loss)).toBeCloseTo((0.22314355 + 0.69314718) / 2, 6);
    // log(1 + e⁻²) and log(1 + e²) = 2 + log(1 + e⁻²).
    const ofLogits = binaryCrossEntropy(tf.tensor1d([1, 0]), tf.tensor1d([2, 2]), { fromLogits: true });
    expect(valueOf(ofLogits)).toBeCloseTo(1 + 0.12692801, 6);
  });

  it('has the gradient of finite differences, from probabilities and from logits', () => {
    const labels = randomArray(shape, 1);
    const probabilities = randomArray(shape, 2, (u) => 0.05 + 0.9 * u);
    const logits = randomArray(shape, 3, (u) => 8 * u - 4);
    const t = tf.tensor4d(labels, shape);
    const direct = evaluate((p) => binaryCrossEntropy(t, p!), [tf.tensor4d(probabilities, shape)]);
    expectAllClose([direct.value], [referenceBce(labels, probabilities)]);
    expectAllClose(
      direct.gradients[0]!,
      finiteDifferences((p) => referenceBce(labels, p), probabilities),
    );
    const bySigmoid = (z: number[]) => referenceBce(labels, z.map(sigmoid));
    const fromLogits = evaluate((z) => binaryCrossEntropy(t, z!, { fromLogits: true }), [tf.tensor4d(logits, shape)]);
    expectAllClose([fromLogits.value], [bySigmoid(logits)]);
    expectAllClose(fromLogits.gradients[0]!, finiteDifferences(bySigmoid, logits));
    expect(direct.left + fromLogits.left).toBe(0);
  });

  it('clamps probabilities, and has no gradient where it does', () => {
    const { value, gradients } = evaluate(
      (p) => binaryCrossEntropy(tf.tensor1d([1, 0, 1]), p!),
      [tf.tensor1d([0, 1, 0.5])],
    );
    // −log 1e-7 = 16.118; 1 − (1 − 1e-7) in single precision is 2⁻²³, and −log 2⁻²³ = 15.942.
    expect(value).toBeCloseTo((16.1181 + 15.9424 + 0.6931) / 3, 3);
    expectAllClose(gradients[0]!, [0, 0, -2 / 3]);
  });

  it('stays finite and keeps its gradient at extreme logits', () => {
    const { value, gradients } = evaluate(
      (z) => binaryCrossEntropy(tf.tensor1d([1, 0, 1, 0]), z!, { fromLogits: true }),
      [tf.tensor1d([-1000, 1000, 1000, -1000])],
    );
    expect(value).toBeCloseTo(500, 3);
    expectAllClose(gradients[0]!, [-0.25, 0.25, 0, 0]);
  });

  it('takes masks of integers and booleans', () => {
    const p = tf.tensor1d([0.8, 0.5]);
    expect(valueOf(binaryCrossEntropy(tf.tensor1d([1, 0], 'int32'), p))).toBeCloseTo(0.45814537, 6);
    expect(valueOf(binaryCrossEntropy(tf.tensor1d([true, false], 'bool'), p))).toBeCloseTo(0.45814537, 6);
  });

  it('is the same from logits and from their probabilities, and never below the entropy of the labels', () => {
    const element = fc.record({
      t: fc.float({ min: 0, max: 1, noNaN: true }),
      z: fc.float({ min: -8, max: 8, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(element, { minLength: 1, maxLength: 20 }), (elements) => {
        tf.tidy(() => {
          const t = tf.tensor1d(elements.map((e) => e.t));
          const z = tf.tensor1d(elements.map((e) => e.z));
          const fromLogits = valueOf(binaryCrossEntropy(t, z, { fromLogits: true }));
          expectAllClose([fromLogits], [valueOf(binaryCrossEntropy(t, tf.sigmoid(z)))], 1e-4);
          expect(fromLogits).toBeGreaterThanOrEqual(valueOf(binaryCrossEntropy(t, t)) - 1e-5);
        });
      }),
    );
  });

  it('refuses shapes that differ, even if they could be broadcast', () => {
    expect(() => binaryCrossEntropy(tf.zeros([2, 4, 4, 1]), tf.zeros([2, 4, 4, 3]))).toThrow(
      'labels [2, 4, 4, 1] and predictions [2, 4, 4, 3] differ in shape, expected the same shape.',
    );
  });
});
