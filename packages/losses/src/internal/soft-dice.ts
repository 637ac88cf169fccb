import * as tf from '@tensorflow/tfjs-core';

/** The soft Dice loss, with what its gradient needs from the forward pass. */
export interface SoftDice {
  /** Mean of 1 − ratio over groups and channels. */
  value: tf.Scalar;
  /** (2Σpt + s) / (Σp + Σt + s) of each group and channel, broadcastable to {@link grouped} tensors. */
  ratio: tf.Tensor;
  /** Σp + Σt + s, of the same shape. */
  denominator: tf.Tensor;
}

/** What the sums of Dice run over: the positions of each sample, or of all samples of the batch. */
export const diceOvers = ['sample', 'batch'] as const;
/** One of {@link diceOvers}. */
export type DiceOver = (typeof diceOvers)[number];

/**
 * Reshapes `[N, ...spatial, C]` to `[groups, S, C]`, or to `[groups, S]` for one channel: the sums then run over the
 * innermost axis, and engines need not transpose, as they do to reduce any other. A group is a sample or the whole
 * batch.
 */
export function grouped(tensor: tf.Tensor, over: DiceOver): tf.Tensor {
  const samples = tensor.shape[0] ?? 0;
  const channels = tensor.shape[tensor.rank - 1] ?? 0;
  const spatial = tensor.shape.slice(1, -1).reduce((product, size) => product * size, 1);
  const [groups, positions] = over === 'batch' ? [1, samples * spatial] : [samples, spatial];
  return tf.reshape(tensor, channels === 1 ? [groups, positions] : [groups, positions, channels]);
}

/** Soft Dice of {@link grouped} labels and probabilities. */
export function softDice(labels: tf.Tensor, probabilities: tf.Tensor, smooth: number): SoftDice {
  const overlap = tf.sum(tf.mul(probabilities, labels), 1, true);
  const denominator = tf.add(tf.sum(tf.add(probabilities, labels), 1, true), smooth);
  const ratio = tf.div(tf.add(tf.mul(overlap, 2), smooth), denominator);
  return { value: tf.sub(1, tf.mean(ratio)), ratio, denominator };
}

/**
 * Gradient of the soft Dice loss in the (grouped) probabilities, times `scale`: (ratio − 2t) / denominator, over the
 * number of groups and channels.
 */
export function softDiceGradient(
  labels: tf.Tensor,
  ratio: tf.Tensor,
  denominator: tf.Tensor,
  scale: tf.Scalar,
): tf.Tensor {
  const perGroup = tf.div(tf.div(scale, ratio.size), denominator);
  return tf.sub(tf.mul(perGroup, ratio), tf.mul(labels, tf.mul(perGroup, 2)));
}

/** The derivative of the sigmoid where its value is p: p·(1 − p). */
export function sigmoidSlope(probabilities: tf.Tensor): tf.Tensor {
  return tf.sub(probabilities, tf.square(probabilities));
}
