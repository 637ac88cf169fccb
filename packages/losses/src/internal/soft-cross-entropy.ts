import * as tf from '@tensorflow/tfjs-core';

/**
 * `[..., K]` as `[positions, K + 1]`: in front, what is missing to 1 is the background's part.
 *
 * @param weight of the classes' parts; the background's has 1
 */
export function withBackground(classes: tf.Tensor, weight: number): tf.Tensor2D {
  const flat = tf.reshape<tf.Rank.R2>(classes, [-1, classes.shape[classes.rank - 1]!]);
  const background = tf.relu(tf.sub(1, tf.sum(flat, 1, true))) as tf.Tensor2D;
  return tf.concat([background, weight === 1 ? flat : tf.mul<tf.Tensor2D>(flat, weight)], 1);
}

/** `[positions, K + 1]` as `[positions, K]`. */
export function withoutBackground(all: tf.Tensor): tf.Tensor2D {
  return tf.slice(all as tf.Tensor2D, [0, 1], [-1, all.shape[1]! - 1]);
}

/** The logarithms of the softmax over the last axis of `[..., K + 1]`, as `[positions, K + 1]`; finite for every logit. */
export function logSoftmax(logits: tf.Tensor): tf.Tensor2D {
  const flat = tf.reshape<tf.Rank.R2>(logits, [-1, logits.shape[logits.rank - 1]!]);
  const shifted = tf.sub(flat, tf.max(flat, 1, true));
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), 1, true)));
}

/** −Σ_c t_c·log p_c, the mean over positions. */
export function softCrossEntropy(targets: tf.Tensor2D, logs: tf.Tensor): tf.Scalar {
  return tf.div(tf.neg(tf.sum(tf.mul(targets, logs))), targets.shape[0]);
}

/**
 * The gradient in the logits, `[positions, K + 1]`, from that in the probabilities of the classes, of any shape with as many
 * elements: p_c·(g_c − Σ_j p_j·g_j), with g_0 = 0.
 */
export function softmaxGradient(probabilities: tf.Tensor, ofClasses: tf.Tensor): tf.Tensor {
  const [positions, channels] = probabilities.shape as [number, number];
  const slope = tf.pad(tf.reshape(ofClasses, [positions, channels - 1]), [
    [0, 0],
    [1, 0],
  ]);
  const weighted = tf.mul(probabilities, slope);
  return tf.sub(weighted, tf.mul(probabilities, tf.sum(weighted, 1, true)));
}
