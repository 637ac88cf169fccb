import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';

/** Mean of (y − y')² over all elements; differentiable in y and, with `intoTarget`, in y'. */
export function meanSquaredError(feature: tf.Tensor, target: tf.Tensor, intoTarget: boolean): tf.Scalar {
  return differentiable(intoTarget ? [feature, target] : [feature], () => {
    const difference = tf.sub(feature, target);
    return {
      value: tf.mean(tf.square(difference)),
      saved: [difference],
      gradients: (dy, [kept]) => {
        const gradient = tf.mul(kept!, tf.mul(dy, 2 / feature.size));
        return intoTarget ? [gradient, tf.neg(gradient)] : [gradient];
      },
    };
  });
}
