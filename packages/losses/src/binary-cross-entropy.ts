import * as tf from '@tensorflow/tfjs-core';
import { checkSameShape } from './internal/checks.ts';
import {
  crossEntropyLogitGradient,
  crossEntropyOfLogits,
  crossEntropyOfProbabilities,
  crossEntropyProbabilityGradient,
} from './internal/cross-entropy.ts';
import { differentiable } from './internal/differentiable.ts';

/** How to read predictions. */
export interface PredictionOptions {
  /** Whether predictions are logits (any real number) instead of probabilities in [0, 1]. Defaults to `false`. */
  fromLogits?: boolean;
}

/**
 * Binary cross-entropy, −t·log p − (1 − t)·log(1 − p), as the mean over all elements; in nats, at least 0.
 *
 * The BCE of equations 1, 2 and 5 of Yuan et al., arXiv 2012.03673. Probabilities are clamped to [1e-7, 1 − 1e-7],
 * without a gradient where they are clamped, as in Keras. From logits the loss is computed as max(z, 0) − z·t +
 * log1p(exp(−|z|)), which is finite and has a gradient for every z: prefer logits where the network has them.
 *
 * @param labels Targets t in [0, 1], hard or soft, `[N, H, W, C]` (any shape works). A constant: no gradient flows in.
 * @param predictions Probabilities p or logits z, of the same shape.
 * @returns A scalar.
 * @throws OptionError if the shapes differ.
 */
export function binaryCrossEntropy(
  labels: tf.Tensor,
  predictions: tf.Tensor,
  { fromLogits = false }: PredictionOptions = {},
): tf.Scalar {
  checkSameShape('labels', labels, 'predictions', predictions);
  return differentiable([predictions], () => {
    const targets = tf.cast(labels, 'float32');
    return {
      value: (fromLogits ? crossEntropyOfLogits : crossEntropyOfProbabilities)(targets, predictions),
      saved: [targets, predictions],
      gradients: (dy, [t, p]) => [
        fromLogits ? crossEntropyLogitGradient(t!, tf.sigmoid(p!), dy) : crossEntropyProbabilityGradient(t!, p!, dy),
      ],
    };
  });
}
