import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { addKernel, typeAttribute } from './node-kernel.ts';

const name = 'ReluGrad';

/**
 * Makes the gradient of ReLU TensorFlow's own operation, which takes one pass; that of TensorFlow.js takes six. It is
 * computed from the output, which is positive where the input is, so that the input need not be kept.
 */
export function registerReluGrad(): void {
  addKernel(name, ({ inputs, backend }) => {
    const { dy, y } = inputs as { dy: TensorInfo; y: TensorInfo };
    return backend.executeSingleOutput(name, [typeAttribute(backend, 'T', dy.dtype)], [dy, y]);
  });
  if (tf.getGradient('Relu') !== undefined) tf.unregisterGradient('Relu');
  tf.registerGradient({
    kernelName: 'Relu',
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({ x: () => reluGrad(dy as Tensor, y!) }),
  });
  tf.registerGradient({
    kernelName: name,
    inputsToSave: ['y'],
    // Linear in dy; y only decides where.
    gradFunc: (ddx, [y]) => ({
      dy: () => reluGrad(ddx as Tensor, y!),
      y: () => tf.zerosLike(y!),
    }),
  });
}

/** The gradient is registered for all engines, the operation for one only. */
function reluGrad(dy: Tensor, y: Tensor): Tensor {
  if (tf.getKernel(name, tf.getBackend()) !== undefined) return tf.engine().runKernel(name, { dy, y });
  return tf.mul(dy, tf.cast(tf.greater(y, 0), 'float32'));
}
