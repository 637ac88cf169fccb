import * as tf from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';
import type { BceDiceLossOptions } from './bce-dice-loss.ts';
import { checkPositive, checkSameShape, checkSpatial, checkWeight } from './internal/checks.ts';
import { clampProbabilities } from './internal/cross-entropy.ts';
import { differentiable } from './internal/differentiable.ts';
import { grouped, softDice, softDiceGradient } from './internal/soft-dice.ts';
import {
  logSoftmax,
  softCrossEntropy,
  softmaxGradient,
  withBackground,
  withoutBackground,
} from './internal/soft-cross-entropy.ts';

/**
 * `bceWeight`·CE + `diceWeight`·Dice for classes that exclude each other: the place of BCE-Dice where a network has a
 * softmax over background and classes. As nnU-Net's Dice and cross-entropy (Isensee et al., arXiv 1809.10486).
 *
 * The cross-entropy is −Σ_c t_c·log p_c over the background (c = 0, with t_0 = 1 − Σ_k t_k) and the K classes, as the mean
 * over all positions; in nats. `positiveWeight` is a weight on the classes' part of it, which leaves the background's as it
 * is. The Dice is that of `diceLoss` over the K classes, without the background.
 *
 * @param labels Targets t of the K classes, `[N, H, W, K]`, in [0, 1] with a sum of at most 1. A constant: no gradient flows
 * in.
 * @param predictions With `fromLogits`, logits of background and classes, `[N, H, W, K + 1]`, the background first:
 * computed without ever taking the logarithm of a probability. Otherwise the classes' probabilities, `[N, H, W, K]`: the
 * background has the rest, and all are clamped to [1e-7, 1 − 1e-7] in the logarithms.
 * @returns A scalar.
 * @throws OptionError if the shapes do not fit or have fewer than three axes, if `smooth` or `positiveWeight` is not above
 * 0, or if a weight is negative.
 */
export function crossEntropyDiceLoss(
  labels: tf.Tensor,
  predictions: tf.Tensor,
  options: BceDiceLossOptions = {},
): tf.Scalar {
  const { smooth = 1, bceWeight = 1, diceWeight = 1, diceOver = 'sample', positiveWeight = 1 } = options;
  const { fromLogits = false } = options;
  checkSpatial('labels', labels);
  if (fromLogits) checkLogits(labels, predictions);
  else checkSameShape('labels', labels, 'predictions', predictions);
  checkPositive('smooth', smooth);
  checkPositive('positiveWeight', positiveWeight);
  checkWeight('bceWeight', bceWeight);
  checkWeight('diceWeight', diceWeight);
  const compute = fromLogits ? ofLogits : ofProbabilities;
  return compute(labels, predictions, { smooth, bceWeight, diceWeight, diceOver, positiveWeight });
}

type Weights = Required<Omit<BceDiceLossOptions, 'fromLogits'>>;

function ofLogits(
  labels: tf.Tensor,
  logits: tf.Tensor,
  { smooth, bceWeight, diceWeight, diceOver, positiveWeight }: Weights,
): tf.Scalar {
  return differentiable([logits], () => {
    const masks = tf.cast(labels, 'float32');
    const targets = withBackground(masks, positiveWeight);
    const logs = logSoftmax(logits);
    const probabilities = tf.exp(logs);
    const classes = tf.reshape(withoutBackground(probabilities), labels.shape);
    const dice = softDice(grouped(masks, diceOver), grouped(classes, diceOver), smooth);
    const value = tf.add<tf.Scalar>(tf.mul(softCrossEntropy(targets, logs), bceWeight), tf.mul(dice.value, diceWeight));
    return {
      value,
      saved: [masks, targets, probabilities, dice.ratio, dice.denominator],
      gradients: (dy, [m, t, p, ratio, denominator]) => {
        const perPosition = tf.div(tf.mul(dy, bceWeight), t!.shape[0]!);
        const entropy = tf.mul(tf.sub(tf.mul(p!, tf.sum(t!, 1, true)), t!), perPosition);
        const slope = softDiceGradient(grouped(m!, diceOver), ratio!, denominator!, tf.mul(dy, diceWeight));
        return [tf.reshape(tf.add(entropy, softmaxGradient(p!, slope)), logits.shape)];
      },
    };
  });
}

function ofProbabilities(
  labels: tf.Tensor,
  probabilities: tf.Tensor,
  { smooth, bceWeight, diceWeight, diceOver, positiveWeight }: Weights,
): tf.Scalar {
  return differentiable([probabilities], () => {
    const masks = tf.cast(labels, 'float32');
    const targets = withBackground(masks, positiveWeight);
    const all = withBackground(probabilities, 1);
    const clamped = clampProbabilities(all);
    const dice = softDice(grouped(masks, diceOver), grouped(probabilities, diceOver), smooth);
    const value = tf.add<tf.Scalar>(
      tf.mul(softCrossEntropy(targets, tf.log(clamped)), bceWeight),
      tf.mul(dice.value, diceWeight),
    );
    return {
      value,
      saved: [masks, targets, all, clamped, dice.ratio, dice.denominator],
      gradients: (dy, [m, t, p, kept, ratio, denominator]) => {
        const perPosition = tf.div(tf.mul(dy, bceWeight), t!.shape[0]!);
        const isFree = tf.cast(tf.equal(p!, kept!), 'float32');
        const each = tf.mul(tf.mul(tf.div(t!, kept!), isFree), tf.neg(perPosition));
        // A class takes its probability from the background.
        const entropy = tf.sub(withoutBackground(each), tf.slice(each as tf.Tensor2D, [0, 0], [-1, 1]));
        const slope = softDiceGradient(grouped(m!, diceOver), ratio!, denominator!, tf.mul(dy, diceWeight));
        return [tf.add(tf.reshape(entropy, labels.shape), tf.reshape(slope, labels.shape))];
      },
    };
  });
}

function checkLogits(labels: tf.Tensor, logits: tf.Tensor): void {
  const expected = [...labels.shape.slice(0, -1), labels.shape[labels.rank - 1]! + 1];
  if (logits.rank === labels.rank && expected.every((size, axis) => size === logits.shape[axis])) return;
  throw new OptionError(
    `predictions have the shape [${logits.shape.join(', ')}], expected [${expected.join(', ')}]: logits of the background and of each class of the labels [${labels.shape.join(', ')}].`,
  );
}
