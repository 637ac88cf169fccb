import * as tf from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';

/**
 * Computes the mean absolute value of each level's features, which shows whether they collapse: equation 3 can be made
 * small by shrinking the features of both sides, without learning anything, and these numbers then fall towards 0.
 *
 * Meant for logging: it has no gradient of its own beyond those that TensorFlow.js registers.
 *
 * @param features y_j, one tensor for each level, of any shape.
 * @returns A tensor of shape `[levels]`, values at least 0.
 * @throws OptionError if there is no level.
 */
export function meanAbsoluteActivation(features: readonly tf.Tensor[]): tf.Tensor1D {
  if (features.length === 0) {
    throw new OptionError('There are no features, expected at least one level.');
  }
  return tf.tidy(() => tf.stack(features.map((feature) => tf.mean(tf.abs(feature)))) as tf.Tensor1D);
}

/** @deprecated Use `meanAbsoluteActivation`. */
export const featureScale = meanAbsoluteActivation;
