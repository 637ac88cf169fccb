import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';

/** What a normalisation does not learn. */
export interface NormalizationAttributes {
  groupSize: number;
  epsilon: number;
}

/**
 * Whether the engine in use has normalisation as one kernel each way. TensorFlow.js defines none; an engine may register
 * `FusedNormalization` (x, scale, shift → y, mean, inverse deviation) and `FusedNormalizationGrad` (x, dy, scale, mean,
 * inverse → the gradients of x and, per set, of scale and shift) with the attributes `groupSize` and `epsilon`.
 */
export function hasFusedNormalization(): boolean {
  return tf.getKernel('FusedNormalization', tf.getBackend()) !== undefined;
}

/** The same as `normalize`, by the engine's kernels. */
export function fusedNormalize(x: Tensor, scale: Tensor, shift: Tensor, attributes: NormalizationAttributes): Tensor {
  const standardise = tf.customGrad((...inputs) => {
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
  return standardise(x, scale, shift);
}

function run(kernel: string, inputs: NamedTensorMap, attributes: NormalizationAttributes): [Tensor, Tensor, Tensor] {
  return tf.engine().runKernel(kernel, inputs, { ...attributes }) as unknown as [Tensor, Tensor, Tensor];
}
