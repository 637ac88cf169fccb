import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';

/**
 * Added to the mean power. Features whose root mean square is far below the root of the margin (1e-3) have collapsed;
 * for those the loss fades, where it would otherwise have ever larger gradients.
 */
const powerMargin = 1e-6;

/**
 * L = MSE(y, y') / P with P = ½·mean(y²) + ½·mean(y'²) + ε; differentiable in y and, with `intoTarget`, in y'.
 *
 * From ∂MSE/∂y = 2(y − y')/n and ∂P/∂y = y/n follows ∂L/∂y = ((2 − L)·y − 2y') / (n·P), and vice versa for
 * y'.
 */
export function scaleFreeError(feature: tf.Tensor, target: tf.Tensor, intoTarget: boolean): tf.Scalar {
  return differentiable(intoTarget ? [feature, target] : [feature], () => {
    const bothPowers = tf.add(tf.mean(tf.square(feature)), tf.mean(tf.square(target)));
    const power = tf.add<tf.Scalar>(tf.mul(bothPowers, 0.5), powerMargin);
    const value = tf.div<tf.Scalar>(tf.mean(tf.squaredDifference(feature, target)), power);
    return {
      value,
      saved: [feature, target, value, power],
      gradients: (dy, [y, yPrime, loss, divisor]) => {
        const scale = tf.div(dy, tf.mul(divisor!, feature.size));
        const own = tf.mul(scale, tf.sub(2, loss!));
        const other = tf.mul(scale, 2);
        const gradient = (self: tf.Tensor, opposite: tf.Tensor) => tf.sub(tf.mul(self, own), tf.mul(opposite, other));
        return intoTarget ? [gradient(y!, yPrime!), gradient(yPrime!, y!)] : [gradient(y!, yPrime!)];
      },
    };
  });
}
