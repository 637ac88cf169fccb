import * as tf from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';
import { describe, expect, it } from 'vitest';
import { finiteDifferences, referenceBce, referenceDice, sigmoid } from '../test/reference.ts';
import { evaluate, expectAllClose, randomArray, valueOf } from '../test/support.ts';
import { bceDiceLoss } from './bce-dice-loss.ts';

describe('bceDiceLoss', () => {
  it('gives a value computed by hand', () => {
    // BCE −log 0.5 everywhere; Dice 1 − (2·1 + 1) / (2 + 2 + 1) = 0.4.
    const labels = tf.tensor4d([1, 1, 0, 0], [1, 2, 2, 1]);
    expect(valueOf(bceDiceLoss(labels, tf.fill([1, 2, 2, 1], 0.5)))).toBeCloseTo(Math.LN2 + 0.4, 6);
    expect(valueOf(bceDiceLoss(labels, tf.zeros([1, 2, 2, 1]), { fromLogits: true }))).toBeCloseTo(Math.LN2 + 0.4, 6);
  });

  it.each([
    [1, 'sample'],
    [3, 'sample'],
    [1, 'batch'],
    [3, 'batch'],
  ] as const)(
    'has the value and gradient of its two terms, with weights: %i channels, Dice of each %s',
    (channels, diceOver) => {
      const shape: [number, number, number, number] = [2, 3, 2, channels];
      const labels = randomArray(shape, 7, (u) => (u > 0.5 ? 1 : 0));
      const probabilities = randomArray(shape, 8, (u) => 0.05 + 0.9 * u);
      const logits = randomArray(shape, 9, (u) => 6 * u - 3);
      const t = tf.tensor4d(labels, shape);
      const options = { smooth: 1e-5, bceWeight: 0.5, diceWeight: 2, diceOver };
      const groups: [number, number, number] = diceOver === 'batch' ? [1, 12, channels] : [2, 6, channels];
      const reference = (p: number[]) =>
        0.5 * referenceBce(labels, p) + 2 * referenceDice(labels, p, groups, options.smooth);
      const direct = evaluate((p) => bceDiceLoss(t, p!, options), [tf.tensor4d(probabilities, shape)]);
      expectAllClose([direct.value], [reference(probabilities)]);
      expectAllClose(direct.gradients[0]!, finiteDifferences(reference, probabilities));
      const ofLogits = evaluate(
        (z) => bceDiceLoss(t, z!, { ...options, fromLogits: true }),
        [tf.tensor4d(logits, shape)],
      );
      expectAllClose([ofLogits.value], [reference(logits.map(sigmoid))]);
      expectAllClose(
        ofLogits.gradients[0]!,
        finiteDifferences((z) => reference(z.map(sigmoid)), logits),
      );
      expect(direct.left + ofLogits.left).toBe(0);
    },
  );

  it('weighs the positive part of BCE, in value and gradient', () => {
    // −3·log 0.5 for the two positive voxels of four, −log 0.5 for the others; Dice 0.4 as above.
    const labels = tf.tensor4d([1, 1, 0, 0], [1, 2, 2, 1]);
    const options = { positiveWeight: 3 };
    const value = (3 * Math.LN2 + Math.LN2) / 2 + 0.4;
    expect(valueOf(bceDiceLoss(labels, tf.fill([1, 2, 2, 1], 0.5), options))).toBeCloseTo(value, 6);
    expect(valueOf(bceDiceLoss(labels, tf.zeros([1, 2, 2, 1]), { ...options, fromLogits: true }))).toBeCloseTo(
      value,
      6,
    );

    const shape: [number, number, number, number] = [2, 3, 2, 1];
    const soft = randomArray(shape, 7, (u) => u);
    const probabilities = randomArray(shape, 8, (u) => 0.05 + 0.9 * u);
    const bce = (p: number[]) =>
      p.reduce((sum, q, i) => sum - 3 * soft[i]! * Math.log(q) - (1 - soft[i]!) * Math.log(1 - q), 0) / p.length;
    const t = tf.tensor4d(soft, shape);
    const onlyBce = { ...options, diceWeight: 0 };
    const direct = evaluate((p) => bceDiceLoss(t, p!, onlyBce), [tf.tensor4d(probabilities, shape)]);
    expectAllClose([direct.value], [bce(probabilities)]);
    expectAllClose(direct.gradients[0]!, finiteDifferences(bce, probabilities));
    const logits = randomArray(shape, 9, (u) => 6 * u - 3);
    const ofLogits = evaluate(
      (z) => bceDiceLoss(t, z!, { ...onlyBce, fromLogits: true }),
      [tf.tensor4d(logits, shape)],
    );
    expectAllClose([ofLogits.value], [bce(logits.map(sigmoid))]);
    expectAllClose(
      ofLogits.gradients[0]!,
      finiteDifferences((z) => bce(z.map(sigmoid)), logits),
    );
    expect(() => bceDiceLoss(t, t, { positiveWeight: 0 })).toThrow('positiveWeight is 0');
  });

  it('leaves one tensor behind, the loss', () => {
    const [labels, predictions] = [tf.zeros([1, 2, 2, 1]), tf.zeros([1, 2, 2, 1])];
    for (const fromLogits of [true, false]) {
      const before = tf.memory().numTensors;
      const loss = bceDiceLoss(labels, predictions, { fromLogits });
      expect(tf.memory().numTensors).toBe(before + 1);
      loss.dispose();
    }
  });

  it('refuses differing shapes, too few axes and bad numbers', () => {
    const image = tf.zeros([1, 2, 2, 1]);
    expect(() => bceDiceLoss(image, tf.zeros([2, 2, 2, 1]))).toThrow('differ in shape');
    expect(() => bceDiceLoss(tf.zeros([4]), tf.zeros([4]))).toThrow('expected [N, H, W, C]');
    expect(() => bceDiceLoss(image, image, { smooth: -1 })).toThrow('smooth is -1');
    expect(() => bceDiceLoss(image, image, { smooth: -1 })).toThrow(OptionError);
    expect(() => bceDiceLoss(image, image, { bceWeight: -1 })).toThrow(
      'bceWeight is -1, expected a finite number of at least 0.',
    );
    expect(() => bceDiceLoss(image, image, { diceWeight: Infinity })).toThrow('diceWeight is Infinity');
  });
});
