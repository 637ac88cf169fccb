import * as tf from '@tensorflow/tfjs-core';
import { checkPositive, checkSameShape } from './internal/checks.ts';
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

/** Options of {@link binaryCrossEntropy}. */
export interface BinaryCrossEntropyOptions extends PredictionOptions {
  /**
   * What the positive part, −t·log p, is multiplied with: above 1, a missed voxel costs more than a false one, which helps
   * where objects are small; above 0. Defaults to 1. As `pos_weight` of PyTorch's `BCEWithLogitsLoss`.
   */
  positiveWeight?: number;
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
 * @throws OptionError if the shapes differ, or if `positiveWeight` is not above 0.
 */
export function binaryCrossEntropy(
  labels: tf.Tensor,
  predictions: tf.Tensor,
  { fromLogits = false, positiveWeight = 1 }: BinaryCrossEntropyOptions = {},
): tf.Scalar {
  checkSameShape('labels', labels, 'predictions', predictions);
  checkPositive('positiveWeight', positiveWeight);
  return differentiable([predictions], () => {
    const targets = tf.cast(labels, 'float32');
    return {
      value: (fromLogits ? crossEntropyOfLogits : crossEntropyOfProbabilities)(targets, predictions, positiveWeight),
      saved: [targets, predictions],
      gradients: (dy, [t, p]) => [
        fromLogits
          ? crossEntropyLogitGradient(t!, tf.sigmoid(p!), dy, positiveWeight)
          : crossEntropyProbabilityGradient(t!, p!, dy, positiveWeight),
      ],
    };
  });
}
