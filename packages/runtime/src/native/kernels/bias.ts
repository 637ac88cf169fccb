import * as tf from '@tensorflow/tfjs-core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { addKernel, kernelOf, typeAttribute } from './node-kernel.ts';

/**
 * Lets the sum of a tensor and a vector along its last axis, as a convolution adds its bias, be TensorFlow's own operation
 * for it: a graph computes it, and the ReLU after it, together with the convolution. So for its gradient, the sum over all
 * axes but the last.
 */
export function registerBias(): void {
  const [add, sum] = [kernelOf('Add'), kernelOf('Sum')];
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

function channelsLast({ backend }: Parameters<ReturnType<typeof kernelOf>>[0]) {
  return { name: 'data_format', type: backend.binding.TF_ATTR_STRING, value: 'NHWC' };
}

function isBias(a: TensorInfo, b: TensorInfo): boolean {
  return isFeatureMap(a) && b.dtype === 'float32' && b.shape.length === 1 && b.shape[0] === a.shape.at(-1);
}

/** Float32, with more axes than that of the channels, and not empty. */
function isFeatureMap({ dtype, shape }: TensorInfo): boolean {
  return dtype === 'float32' && shape.length >= 2 && shape.length <= 5 && !shape.includes(0);
}
