import * as tf from '@tensorflow/tfjs-core';
import type { NamedAttrMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { trainingKernels } from './kernels/index.ts';
import { installKernels } from './kernels/kernel.ts';
import { bilinearTaps, nearestTaps, readResizing, type Tap } from '../resize-gradients.ts';

type Kernel = (call: { inputs: Record<'images' | 'dy', Tensor>; attrs: NamedAttrMap }) => TensorInfo;

let repaired = false;

/**
 * Repairs what the backend computes wrongly or not at all, and puts faster kernels in the place of slow ones:
 *
 * - the gradients of resizing with half-pixel centres, which its kernels ignore. Resizing is a linear map of rows and one
 *   of columns, so its gradient is a product with the transpose of each;
 * - sums of many tensors, such as the norm of all gradients: a GPU need not take more than eight buffers at once.
 */
export function repairWebGpu(): void {
  if (repaired) return;
  repaired = true;
  repair('ResizeNearestNeighborGrad', nearestTaps);
  repair('ResizeBilinearGrad', bilinearTaps);
  sumInGroups();
  installKernels(trainingKernels);
}

/** One of the eight buffers that every GPU takes is the result's. */
const mostAtOnce = 7;

function sumInGroups(): void {
  const stock = tf.getKernel('AddN', 'webgpu');
  const kernel = (call: { inputs: readonly Tensor[] }): TensorInfo => {
    const { inputs } = call;
    if (inputs.length <= mostAtOnce) return (stock.kernelFunc as unknown as typeof kernel)(call);
    return tf.tidy(() => {
      const sums: Tensor[] = [];
      for (let at = 0; at < inputs.length; at += mostAtOnce) sums.push(tf.addN(inputs.slice(at, at + mostAtOnce)));
      return tf.addN(sums);
    });
  };
  tf.unregisterKernel('AddN', 'webgpu');
  tf.registerKernel({ ...stock, kernelFunc: kernel as unknown as typeof stock.kernelFunc });
}

function repair(kernelName: string, tapsOf: typeof nearestTaps): void {
  const stock = tf.getKernel(kernelName, 'webgpu');
  const kernel: Kernel = (call) => {
    const { inputs, attrs } = call;
    const resizing = readResizing(inputs.images, inputs.dy, attrs);
    if (!resizing.halfPixelCenters) return (stock.kernelFunc as unknown as Kernel)(call);
    const { samples, height, width, channels, outHeight, outWidth } = resizing;
    return tf.tidy(() => {
      const rows = createMatrix(tapsOf(height, outHeight, resizing), height);
      const columns = createMatrix(tapsOf(width, outWidth, resizing), width);
      const byRows = tf.matMul(rows, tf.reshape(inputs.dy, [samples, outHeight, outWidth * channels]), true);
      const byColumns = tf.matMul(columns, tf.reshape(byRows, [samples * height, outWidth, channels]), true);
      return tf.reshape(byColumns, [samples, height, width, channels]);
    });
  };
  tf.unregisterKernel(kernelName, 'webgpu');
  tf.registerKernel({ ...stock, kernelFunc: kernel as unknown as typeof stock.kernelFunc });
}

/** Creates the matrix of a resizing along one axis, `[1, outSize, size]`. */
function createMatrix(taps: readonly Tap[], size: number): tf.Tensor3D {
  const values = new Float32Array(taps.length * size);
  taps.forEach(({ low, high, weight }, row) => {
    values[row * size + low]! += 1 - weight;
    values[row * size + high]! += weight;
  });
  return tf.tensor3d(values, [1, taps.length, size]);
}
