import * as tf from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';

/**
 * The mean absolute feature of each level: what a guard against collapse watches. Equation 3 can be made small by
 * shrinking the features of both sides without learning anything; then these numbers fall towards 0.
 *
 * Meant for logging: no gradient is defined here beyond what the engine registers.
 *
 * @param features y_j, one tensor for each level, of any shape.
 * @returns A tensor of shape `[levels]`, values at least 0.
 * @throws OptionError if there is no level.
 */
export function featureScale(features: readonly tf.Tensor[]): tf.Tensor1D {
  if (features.length === 0) {
    throw new OptionError('There are no features, expected at least one level.');
  }
  return tf.tidy(() => tf.stack(features.map((feature) => tf.mean(tf.abs(feature)))) as tf.Tensor1D);
}
