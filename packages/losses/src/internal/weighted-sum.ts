import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';

/** Σ weightᵢ·scalarᵢ, differentiable in the scalars. */
export function weightedSum(scalars: tf.Scalar[], weights: readonly number[]): tf.Scalar {
  return differentiable(scalars, () => ({
    value: tf.sum(tf.mul(tf.stack(scalars), tf.tensor1d([...weights]))),
    saved: [],
    gradients: (dy) => weights.map((weight) => tf.mul(dy, weight)),
  }));
}
