import * as tf from '@tensorflow/tfjs-core';

/** The result of the forward half of a differentiable function. */
export interface Forward {
  /** The result: a scalar. */
  value: tf.Scalar;
  /** Tensors that the backward half needs; the gradient tape keeps them until then. */
  saved: tf.Tensor[];
  /**
   * Computes the gradient of each input, of its shape, from the gradient `dy` of the result and the saved tensors, in
   * their order.
   */
  gradients: (dy: tf.Scalar, saved: tf.Tensor[]) => tf.Tensor[];
}

/**
 * Runs `forward` as one node of the gradient tape with a gradient written by hand.
 *
 * For two reasons: such a gradient needs a fraction of the operations (and of the tensors kept between the two passes)
 * that the tape would record, and it does not depend on the registered gradients of tfjs-core, which a CommonJS import
 * of it lacks. Whatever `forward` reads besides `inputs` is a constant.
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
