import * as tf from '@tensorflow/tfjs-core';

/** The least distance of probabilities from 0 and 1, so that no logarithm is infinite. */
const probabilityMargin = 1e-7;

/**
 * Mean of softplus(z) − z·t = max(z, 0) − z·t + log1p(exp(−|z|)): finite for every z. With a positive weight w, plus
 * (w − 1)·t·softplus(−z).
 */
export function crossEntropyOfLogits(labels: tf.Tensor, logits: tf.Tensor, positiveWeight: number): tf.Scalar {
  const plain = tf.sub(tf.softplus(logits), tf.mul(logits, labels));
  if (positiveWeight === 1) return tf.mean(plain);
  const positive = tf.mul(labels, tf.softplus(tf.neg(logits)));
  return tf.mean(tf.add(plain, tf.mul(positive, positiveWeight - 1)));
}

/** Gradient of {@link crossEntropyOfLogits} in the logits, times `scale`: (σ(z) − t + (w − 1)·t·(σ(z) − 1)) / n. */
export function crossEntropyLogitGradient(
  labels: tf.Tensor,
  probabilities: tf.Tensor,
  scale: tf.Scalar,
  positiveWeight: number,
): tf.Tensor {
  const plain = tf.sub(probabilities, labels);
  const perElement = tf.div(scale, labels.size);
  if (positiveWeight === 1) return tf.mul(plain, perElement);
  const positive = tf.mul(labels, tf.sub(probabilities, 1));
  return tf.mul(tf.add(plain, tf.mul(positive, positiveWeight - 1)), perElement);
}

/** Mean of −w·t·log p − (1 − t)·log(1 − p) over clamped probabilities. */
export function crossEntropyOfProbabilities(
  labels: tf.Tensor,
  probabilities: tf.Tensor,
  positiveWeight: number,
): tf.Scalar {
  const clamped = clampProbabilities(probabilities);
  const logOfOther = tf.log(tf.sub(1, clamped));
  const log = positiveWeight === 1 ? tf.log(clamped) : tf.mul(tf.log(clamped), positiveWeight);
  // w·t·log p + (1 − t)·log(1 − p), with one multiplication by t.
  const likelihood = tf.add(tf.mul(labels, tf.sub(log, logOfOther)), logOfOther);
  return tf.neg(tf.mean<tf.Scalar>(likelihood));
}

/**
 * Gradient of {@link crossEntropyOfProbabilities} in the probabilities, times `scale`: (p − t + (w − 1)·t·(p − 1)) /
 * (p·(1 − p)·n), and 0 where the clamp holds.
 */
export function crossEntropyProbabilityGradient(
  labels: tf.Tensor,
  probabilities: tf.Tensor,
  scale: tf.Scalar,
  positiveWeight: number,
): tf.Tensor {
  const clamped = clampProbabilities(probabilities);
  const plain = tf.sub(clamped, labels);
  const rise =
    positiveWeight === 1 ? plain : tf.add(plain, tf.mul(tf.mul(labels, tf.sub(clamped, 1)), positiveWeight - 1));
  const slope = tf.div(rise, tf.mul(clamped, tf.sub(1, clamped)));
  const held = tf.notEqual(clamped, probabilities);
  return tf.where(held, tf.zerosLike(slope), tf.mul(slope, tf.div(scale, labels.size)));
}

/** Probabilities in [1e-7, 1 − 1e-7]. */
export function clampProbabilities(probabilities: tf.Tensor): tf.Tensor {
  return tf.clipByValue(probabilities, probabilityMargin, 1 - probabilityMargin);
}
