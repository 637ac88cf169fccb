import * as tf from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { addKernel, findKernel, typeAttribute } from './node-kernel.ts';

/**
 * Makes the sum of a tensor and a vector along its last axis, such as the bias of a convolution, TensorFlow's own
 * operation for that: a graph computes it, and the ReLU after it, together with the convolution. Likewise its gradient,
 * the sum over all axes but the last.
 */
export function registerBias(): void {
  const [add, sum] = [findKernel('Add'), findKernel('Sum')];
  addKernel('Add', (call) => {
    const { backend, inputs } = call;
    const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
    if (!isBias(a, b)) return add(call);
    return backend.executeSingleOutput('BiasAdd', [typeAttribute(backend, 'T', 'float32'), channelsLast(call)], [a, b]);
  });
  addKernel('Sum', (call) => {
    const { backend, inputs, attrs } = call;
    const { x } = inputs as { x: TensorInfo };
    const axes = tf.util.parseAxisParam(attrs['axis'] as number | number[], x.shape);
    const rank = x.shape.length;
    const allButLast = axes.length === rank - 1 && !axes.includes(rank - 1);
    if (!allButLast || !isFeatureMap(x) || attrs['keepDims'] === true) return sum(call);
    return backend.executeSingleOutput(
      'BiasAddGrad',
      [typeAttribute(backend, 'T', 'float32'), channelsLast(call)],
      [x],
    );
  });
}

function channelsLast({ backend }: Parameters<ReturnType<typeof findKernel>>[0]) {
  return { name: 'data_format', type: backend.binding.TF_ATTR_STRING, value: 'NHWC' };
}

function isBias(a: TensorInfo, b: TensorInfo): boolean {
  return isFeatureMap(a) && b.dtype === 'float32' && b.shape.length === 1 && b.shape[0] === a.shape.at(-1);
}

/** Whether a tensor is float32, not empty, and has more axes than that of the channels. */
function isFeatureMap({ dtype, shape }: TensorInfo): boolean {
  return dtype === 'float32' && shape.length >= 2 && shape.length <= 5 && !shape.includes(0);
}
