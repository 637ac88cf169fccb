import * as tf from '@tensorflow/tfjs-core';

/** What the forward half of a differentiable function hands over. */
export interface Forward {
  /** The result: a scalar. */
  value: tf.Scalar;
  /** Tensors that the backward half needs; kept by the gradient tape for as long as it may ask. */
  saved: tf.Tensor[];
  /**
   * The gradients in the inputs, one for each and of its shape, given the gradient `dy` of the result and the saved
   * tensors (in their order).
   */
  gradients: (dy: tf.Scalar, saved: tf.Tensor[]) => tf.Tensor[];
}

/**
 * Runs `forward` as one node of the gradient tape with a gradient written by hand.
 *
 * Two reasons: a hand-written gradient needs a fraction of the operations (and of the tensors kept between the two
 * passes) that the tape would record, and it does not depend on tfjs-core's registered gradients, which a CommonJS
 * import of tfjs-core lacks. Whatever `forward` reads besides `inputs` counts as a constant.
 */
export function differentiable(inputs: tf.Tensor[], forward: () => Forward): tf.Scalar {
  const node = tf.customGrad((...args) => {
    const save = args[args.length - 1] as tf.GradSaveFunc;
    const { value, saved, gradients } = forward();
    save(saved);
    return { value, gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => gradients(dy as tf.Scalar, kept) };
  });
  return node(...inputs) as tf.Scalar;
}
