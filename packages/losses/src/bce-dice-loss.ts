import * as tf from '@tensorflow/tfjs-core';
import { binaryCrossEntropy, type BinaryCrossEntropyOptions } from './binary-cross-entropy.ts';
import { diceLoss, type DiceLossOptions } from './dice-loss.ts';
import { checkPositive, checkSameShape, checkSpatial, checkWeight } from './internal/checks.ts';
import { crossEntropyLogitGradient, crossEntropyOfLogits } from './internal/cross-entropy.ts';
import { differentiable } from './internal/differentiable.ts';
import { grouped, sigmoidSlope, softDice, softDiceGradient } from './internal/soft-dice.ts';
import { weightedSum } from './internal/weighted-sum.ts';

/** Options of {@link bceDiceLoss}. */
export interface BceDiceLossOptions extends DiceLossOptions, BinaryCrossEntropyOptions {
  /** Weight of the binary cross-entropy, at least 0. Defaults to 1. */
  bceWeight?: number;
  /** Weight of the soft Dice loss, at least 0. Defaults to 1. */
  diceWeight?: number;
}

/**
 * `bceWeight`·BCE + `diceWeight`·Dice, the BCE-Dice of equations 1 and 2 of Yuan et al., arXiv 2012.03673; at least 0.
 *
 * See `binaryCrossEntropy` and `diceLoss` for the two terms. From logits both share one sigmoid and one backward pass.
 *
 * @param labels Targets t in [0, 1], `[N, H, W, C]`. A constant: no gradient flows in.
 * @param predictions Probabilities in [0, 1] or logits, of the same shape.
 * @returns A scalar.
 * @throws OptionError if the shapes differ or have fewer than three axes, if `smooth` or `positiveWeight` is not above 0,
 * or if a weight is negative.
 */
export function bceDiceLoss(labels: tf.Tensor, predictions: tf.Tensor, options: BceDiceLossOptions = {}): tf.Scalar {
  const { smooth = 1, fromLogits = false, bceWeight = 1, diceWeight = 1, diceOver = 'sample' } = options;
  const { positiveWeight = 1 } = options;
  checkSameShape('labels', labels, 'predictions', predictions);
  checkSpatial('labels', labels);
  checkPositive('smooth', smooth);
  checkPositive('positiveWeight', positiveWeight);
  checkWeight('bceWeight', bceWeight);
  checkWeight('diceWeight', diceWeight);
  if (fromLogits) {
    return ofLogits(labels, predictions, { smooth, bceWeight, diceWeight, diceOver, positiveWeight });
  }
  return tf.tidy(() =>
    weightedSum(
      [
        binaryCrossEntropy(labels, predictions, { positiveWeight }),
        diceLoss(labels, predictions, { smooth, diceOver }),
      ],
      [bceWeight, diceWeight],
    ),
  );
}

function ofLogits(
  labels: tf.Tensor,
  logits: tf.Tensor,
  { smooth, bceWeight, diceWeight, diceOver, positiveWeight }: Required<Omit<BceDiceLossOptions, 'fromLogits'>>,
): tf.Scalar {
  return differentiable([logits], () => {
    const targets = grouped(tf.cast(labels, 'float32'), diceOver);
    const flat = grouped(logits, diceOver);
    const probabilities = tf.sigmoid(flat);
    const dice = softDice(targets, probabilities, smooth);
    const value = tf.add<tf.Scalar>(
      tf.mul(crossEntropyOfLogits(targets, flat, positiveWeight), bceWeight),
      tf.mul(dice.value, diceWeight),
    );
    return {
      value,
      saved: [targets, probabilities, dice.ratio, dice.denominator],
      gradients: (dy, [t, p, ratio, denominator]) => {
        const bce = crossEntropyLogitGradient(t!, p!, tf.mul(dy, bceWeight), positiveWeight);
        const slope = softDiceGradient(t!, ratio!, denominator!, tf.mul(dy, diceWeight));
        return [tf.reshape(tf.add(bce, tf.mul(slope, sigmoidSlope(p!))), logits.shape)];
      },
    };
  });
}
