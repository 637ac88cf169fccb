import * as tf from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';
import { describe, expect, it } from 'vitest';
import { finiteDifferences, referenceDice } from '../test/reference.ts';
import { evaluate, expectAllClose, randomArray, valueOf } from '../test/support.ts';
import { crossEntropyDiceLoss } from './cross-entropy-dice-loss.ts';

/** Position by position: the softmax of K + 1 logits. */
function softmax(logits: readonly number[], channels: number): number[] {
  return logits.map((z, i) => {
    const start = i - (i % channels);
    const sum = logits.slice(start, start + channels).reduce((total, other) => total + Math.exp(other - z), 0);
    return 1 / sum;
  });
}

/** Probabilities or targets of the K classes with the background's in front, where it is what is missing to 1. */
function complete(classes: readonly number[], count: number): number[] {
  return classes.flatMap((value, i) => {
    if (i % count > 0) return [value];
    return [1 - classes.slice(i, i + count).reduce((a, b) => a + b), value];
  });
}

const withoutFirst = (all: readonly number[], channels: number): number[] => all.filter((_, i) => i % channels > 0);

describe('crossEntropyDiceLoss', () => {
  it('agrees with PyTorch and MONAI, value and gradient', () => {
    // torch 2.15 in double precision: 0.5·cross_entropy + 2·Dice of softmax, s = 1, without the background; the value also
    // by monai.losses.DiceCELoss 1.6.1. Positions are labelled 0, 1, 2, 2.
    const labels = tf.tensor4d([0, 0, 1, 0, 0, 1, 0, 1], [1, 2, 2, 2]);
    const logits = tf.tensor4d([0.5, -0.75, 1, -1, 1.5, 0.5, 2, 0, -1.25, 0.25, -2, 3], [1, 2, 2, 3]);
    const of = (options: object) => (z: tf.Tensor) => crossEntropyDiceLoss(labels, z, { fromLogits: true, ...options });
    expect(valueOf(of({ diceWeight: 0 })(logits))).toBeCloseTo(1.231778548, 6);
    expect(valueOf(of({ bceWeight: 0 })(logits))).toBeCloseTo(0.284263166, 6);
    // cross_entropy with weights 1, 3, 3, summed and divided by the four positions.
    expect(valueOf(of({ diceWeight: 0, positiveWeight: 3 })(logits))).toBeCloseTo(3.156943407, 5);
    const found = evaluate((z) => of({ bceWeight: 0.5, diceWeight: 2 })(z!), [logits]);
    expectAllClose([found.value], [1.184415606]);
    expectAllClose(
      found.gradients[0]!,
      [
        -0.1163139033, 0.0299364196, 0.0863774836, 0.021099547, -0.1482085213, 0.1271089742, 0.0870116274, 0.0441887869,
        -0.1312004143, 0.0235257186, 0.0042492574, -0.027774976,
      ],
    );
  });

  it('agrees with the published numbers of MONAI', () => {
    // tests/test_dice_ce_loss.py: the Dice of these raw values is 0 there, so what is left is the cross-entropy. Two
    // samples of three positions, labelled 0 0 1 and 0 1 0.
    const labels = tf.tensor4d([0, 0, 1, 0, 1, 0], [2, 1, 3, 1]);
    const logits = tf.tensor4d([1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0], [2, 1, 3, 2]);
    expect(valueOf(crossEntropyDiceLoss(labels, logits, { fromLogits: true, diceWeight: 0 }))).toBeCloseTo(0.3133, 4);
    const sure = tf.tensor4d([100, 0, 100, 0, 0, 1, 1, 0, 0, 1, 1, 0], [2, 1, 3, 2]);
    expect(valueOf(crossEntropyDiceLoss(labels, sure, { fromLogits: true, diceWeight: 0 }))).toBeCloseTo(0.2088, 4);
  });

  it.each([
    [1, 'sample'],
    [3, 'sample'],
    [3, 'batch'],
  ] as const)(
    'has the value and gradient of its two terms, with soft targets: %i classes, Dice of each %s',
    (k, over) => {
      const shape: [number, number, number, number] = [2, 3, 2, k];
      const labels = randomArray(shape, 7, (u) => (u > 0.3 ? u / k : 0));
      const logits = randomArray([2, 3, 2, k + 1], 8, (u) => 6 * u - 3);
      const options = { smooth: 0.1, bceWeight: 0.5, diceWeight: 2, diceOver: over, positiveWeight: 1.5 };
      const groups: [number, number, number] = over === 'batch' ? [1, 12, k] : [2, 6, k];
      const targets = complete(labels, k);
      const reference = (all: number[]): number => {
        const weights = all.map((_, i) => (i % (k + 1) > 0 ? 1.5 : 1));
        const entropy = all.reduce((sum, p, i) => sum - weights[i]! * targets[i]! * Math.log(p), 0) / 12;
        return 0.5 * entropy + 2 * referenceDice(labels, withoutFirst(all, k + 1), groups, 0.1);
      };
      const t = tf.tensor4d(labels, shape);
      const ofLogits = evaluate(
        (z) => crossEntropyDiceLoss(t, z!, { ...options, fromLogits: true }),
        [tf.tensor4d(logits, [2, 3, 2, k + 1])],
      );
      const probabilities = softmax(logits, k + 1);
      expectAllClose([ofLogits.value], [reference(probabilities)]);
      expectAllClose(
        ofLogits.gradients[0]!,
        finiteDifferences((z) => reference(softmax(z, k + 1)), logits),
      );
      const classes = withoutFirst(probabilities, k + 1);
      const direct = evaluate((p) => crossEntropyDiceLoss(t, p!, options), [tf.tensor4d(classes, shape)]);
      expectAllClose([direct.value], [reference(probabilities)]);
      expectAllClose(
        direct.gradients[0]!,
        finiteDifferences((p) => reference(complete(p, k)), classes),
        1e-4,
      );
      expect(ofLogits.left + direct.left).toBe(0);
    },
  );

  it('is finite, with a gradient that pulls back, however sure the network is of the wrong thing', () => {
    const labels = tf.tensor4d([1, 0], [1, 1, 2, 1]);
    const wrong = tf.tensor4d([300, -300, -300, 300], [1, 1, 2, 2]);
    const { value, gradients } = evaluate(
      (z) => crossEntropyDiceLoss(labels, z!, { fromLogits: true, diceWeight: 0 }),
      [wrong],
    );
    expect(value).toBeCloseTo(600, 3);
    expectAllClose(gradients[0]!, [0.5, -0.5, -0.5, 0.5]);
    const certain = tf.tensor4d([0, 1], [1, 1, 2, 1]);
    expect(valueOf(crossEntropyDiceLoss(labels, certain, { diceWeight: 0 }))).toBeCloseTo(-Math.log(1e-7), 3);
  });

  it('refuses shapes that do not fit and bad numbers', () => {
    const labels = tf.zeros([1, 2, 2, 2]);
    expect(() => crossEntropyDiceLoss(labels, labels, { fromLogits: true })).toThrow(
      'predictions have the shape [1, 2, 2, 2], expected [1, 2, 2, 3]: logits of the background and of each class',
    );
    expect(() => crossEntropyDiceLoss(labels, tf.zeros([1, 2, 2, 3]))).toThrow('differ in shape');
    expect(() => crossEntropyDiceLoss(labels, labels, { positiveWeight: 0 })).toThrow(OptionError);
    expect(() => crossEntropyDiceLoss(labels, labels, { smooth: 0 })).toThrow('smooth is 0');
    expect(() => crossEntropyDiceLoss(labels, labels, { bceWeight: -1 })).toThrow('bceWeight is -1');
  });
});
