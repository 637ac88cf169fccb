import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';

/** The parameters of a normalisation that are not learned. */
export interface NormalizationAttributes {
  groupSize: number;
  epsilon: number;
}

/**
 * Whether the current engine has normalisation as one kernel, and its gradient as another. TensorFlow.js defines
 * neither; an engine may register `FusedNormalization` (x, scale, shift → y, mean, inverse deviation) and
 * `FusedNormalizationGrad` (x, dy, scale, mean, inverse → the gradients of x and, per set, of scale and shift), both
 * with the attributes `groupSize` and `epsilon`.
 */
export function hasFusedNormalization(): boolean {
  return tf.getKernel('FusedNormalization', tf.getBackend()) !== undefined;
}

/** Computes `normalize` with the engine's own kernels. */
export function fusedNormalize(x: Tensor, scale: Tensor, shift: Tensor, attributes: NormalizationAttributes): Tensor {
  const standardize = tf.customGrad((...inputs) => {
    const [input, gamma, beta] = inputs as [Tensor, Tensor, Tensor];
    const save = inputs[inputs.length - 1] as unknown as (tensors: Tensor[]) => void;
    const [y, mean, inverse] = run('FusedNormalization', { x: input, scale: gamma, shift: beta }, attributes);
    save([input, gamma, mean, inverse]);
    return {
      value: y,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [values, weight, means, inverses] = saved as [Tensor, Tensor, Tensor, Tensor];
        const gradientInputs = { x: values, dy, scale: weight, mean: means, inverse: inverses };
        const [dx, dScale, dShift] = run('FusedNormalizationGrad', gradientInputs, attributes);
        return [dx, tf.sum(dScale, 0), tf.sum(dShift, 0)];
      },
    };
  });
  return standardize(x, scale, shift);
}

function run(kernel: string, inputs: NamedTensorMap, attributes: NormalizationAttributes): [Tensor, Tensor, Tensor] {
  return tf.engine().runKernel(kernel, inputs, { ...attributes }) as unknown as [Tensor, Tensor, Tensor];
}
