import * as tf from '@tensorflow/tfjs-core';

/** The least distance of probabilities from 0 and 1, so that no logarithm is infinite. */
const probabilityMargin = 1e-7;

/** Mean of softplus(z) − z·t = max(z, 0) − z·t + log1p(exp(−|z|)): finite for every z. */
export function crossEntropyOfLogits(labels: tf.Tensor, logits: tf.Tensor): tf.Scalar {
  return tf.mean(tf.sub(tf.softplus(logits), tf.mul(logits, labels)));
}

/** Gradient of {@link crossEntropyOfLogits} in the logits, times `scale`: (σ(z) − t) / n. */
export function crossEntropyLogitGradient(labels: tf.Tensor, probabilities: tf.Tensor, scale: tf.Scalar): tf.Tensor {
  return tf.mul(tf.sub(probabilities, labels), tf.div(scale, labels.size));
}

/** Mean of −t·log p − (1 − t)·log(1 − p) over clamped probabilities. */
export function crossEntropyOfProbabilities(labels: tf.Tensor, probabilities: tf.Tensor): tf.Scalar {
  const clamped = clamp(probabilities);
  const logOfOther = tf.log(tf.sub(1, clamped));
  // t·log p + (1 − t)·log(1 − p), with one multiplication.
  const likelihood = tf.add(tf.mul(labels, tf.sub(tf.log(clamped), logOfOther)), logOfOther);
  return tf.neg(tf.mean<tf.Scalar>(likelihood));
}

/**
 * Gradient of {@link crossEntropyOfProbabilities} in the probabilities, times `scale`: (p − t) / (p·(1 − p)·n), and 0
 * where the clamp holds.
 */
export function crossEntropyProbabilityGradient(
  labels: tf.Tensor,
  probabilities: tf.Tensor,
  scale: tf.Scalar,
): tf.Tensor {
  const clamped = clamp(probabilities);
  const slope = tf.div(tf.sub(clamped, labels), tf.mul(clamped, tf.sub(1, clamped)));
  const held = tf.notEqual(clamped, probabilities);
  return tf.where(held, tf.zerosLike(slope), tf.mul(slope, tf.div(scale, labels.size)));
}

function clamp(probabilities: tf.Tensor): tf.Tensor {
  return tf.clipByValue(probabilities, probabilityMargin, 1 - probabilityMargin);
}
