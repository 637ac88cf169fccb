import { createRequire } from 'node:module';
import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo, TypedArray } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * TensorFlow.js' `cpu` backend for tests, with one kernel written anew: the gradient of a convolution by its filter. The
 * original reads each element through a function with variadic arguments, in which tests of networks spent half of
 * their time. This one adds the same products in the same order, so that its results are equal to the last bit.
 */

/** Values of a tensor of the `cpu` backend. */
interface CpuBackend {
  readonly data: { get(id: object): { values: TypedArray } };
  makeTensorInfo(shape: number[], dtype: 'float32', values: TypedArray): TensorInfo;
}

interface Attributes {
  strides: number | [number, number];
  pad: 'valid' | 'same' | number;
  dataFormat: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  filterShape: [number, number, number, number];
}

// Vitest gives this module in the place of the package.
createRequire(import.meta.url)('@tensorflow/tfjs-backend-cpu');
const kernelName = tf.Conv2DBackpropFilter;

/** The kernel of TensorFlow.js itself. */
export const originalKernel = tf.getKernel(kernelName, 'cpu');

function filterGradient({ inputs, backend, attrs }: Parameters<typeof originalKernel.kernelFunc>[0]): TensorInfo {
  const { x, dy } = inputs as NamedTensorInfoMap & { x: TensorInfo; dy: TensorInfo };
  const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attrs as NamedAttrMap & Attributes;
  if (dataFormat !== 'NHWC') return originalKernel.kernelFunc({ inputs, backend, attrs }) as TensorInfo;
  const cpu = backend as CpuBackend;
  const shape = x.shape as [number, number, number, number];
  const info = tf.backend_util.computeConv2DInfo(shape, filterShape, strides, 1, pad, dimRoundingMode);
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  const [xs, dys] = [x, dy].map(({ dataId }) => cpu.data.get(dataId).values) as [TypedArray, TypedArray];
  const gradient = new Float32Array(filterHeight * filterWidth * inChannels * outChannels);
  let index = 0;
  for (let row = 0; row < filterHeight; row++) {
    const firstY = Math.max(0, Math.ceil((padInfo.top - row) / strideHeight));
    const endY = Math.min(outHeight, (inHeight + padInfo.top - row) / strideHeight);
    for (let column = 0; column < filterWidth; column++) {
      const firstX = Math.max(0, Math.ceil((padInfo.left - column) / strideWidth));
      const endX = Math.min(outWidth, (inWidth + padInfo.left - column) / strideWidth);
      for (let from = 0; from < inChannels; from++) {
        for (let to = 0; to < outChannels; to++) {
          let sum = 0;
          for (let b = 0; b < batchSize; b++) {
            for (let y = firstY; y < endY; y++) {
              const xRow = (b * inHeight + row + y * strideHeight - padInfo.top) * inWidth + column - padInfo.left;
              const dyRow = (b * outHeight + y) * outWidth;
              for (let c = firstX; c < endX; c++) {
                sum += xs[(xRow + c * strideWidth) * inChannels + from]! * dys[(dyRow + c) * outChannels + to]!;
              }
            }
          }
          gradient[index++] = sum;
        }
      }
    }
  }
  return cpu.makeTensorInfo(filterShape, 'float32', gradient);
}

tf.unregisterKernel(kernelName, 'cpu');
tf.registerKernel({ kernelName, backendName: 'cpu', kernelFunc: filterGradient });
