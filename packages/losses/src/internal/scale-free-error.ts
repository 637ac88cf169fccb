import * as tf from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.ts';

/**
 * Added to the mean power. Features whose root mean square is far below its root (1e-3) are as good as dead: there, the
 * loss fades instead of asking for ever larger gradients.
 */
export const POWER_MARGIN = 1e-6;

/**
 * L = MSE(y, y') / P with P = ½·mean(y²) + ½·mean(y'²) + ε; differentiable in y, and in y' on request.
 *
 * From ∂MSE/∂y = 2(y − y')/n and ∂P/∂y = y/n follows ∂L/∂y = ((2 − L)·y − 2y') / (n·P), and the same with y and y'
 * exchanged.
 */
export function scaleFreeError(feature: tf.Tensor, target: tf.Tensor, intoTarget: boolean): tf.Scalar {
  return differentiable(intoTarget ? [feature, target] : [feature], () => {
    const bothPowers = tf.add(tf.mean(tf.square(feature)), tf.mean(tf.square(target)));
    const power = tf.add<tf.Scalar>(tf.mul(bothPowers, 0.5), POWER_MARGIN);
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
