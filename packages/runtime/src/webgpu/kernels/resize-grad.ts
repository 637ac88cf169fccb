import * as tf from '@tensorflow/tfjs-core';
import type { NamedAttrMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { bilinearTaps, nearestTaps, type Tap } from '../../resize-gradients.ts';
import { resizingOf } from '../../resize/resizing.ts';

type Kernel = (call: { inputs: Record<'images' | 'dy', Tensor>; attrs: NamedAttrMap }) => TensorInfo;

/**
 * Repairs the gradients of resizing with half-pixel centres, of which the backend's kernels know nothing; others stay with
 * them. Resizing is a linear map of rows and one of columns, so its gradient is a product with the transpose of each.
 */
export function repairResizeGradients(): void {
  repair('ResizeNearestNeighborGrad', nearestTaps);
  repair('ResizeBilinearGrad', bilinearTaps);
}

function repair(kernelName: string, tapsOf: typeof nearestTaps): void {
  const stock = tf.getKernel(kernelName, 'webgpu');
  const kernel: Kernel = (call) => {
    const { inputs, attrs } = call;
    const resizing = resizingOf(inputs.images, inputs.dy, attrs);
    if (!resizing.halfPixelCenters) return (stock.kernelFunc as unknown as Kernel)(call);
    const { samples, height, width, channels, outHeight, outWidth } = resizing;
    return tf.tidy(() => {
      const rows = matrixOf(tapsOf(height, outHeight, resizing), height);
      const columns = matrixOf(tapsOf(width, outWidth, resizing), width);
      const byRows = tf.matMul(rows, tf.reshape(inputs.dy, [samples, outHeight, outWidth * channels]), true);
      const byColumns = tf.matMul(columns, tf.reshape(byRows, [samples * height, outWidth, channels]), true);
      return tf.reshape(byColumns, [samples, height, width, channels]);
    });
  };
  tf.unregisterKernel(kernelName, 'webgpu');
  tf.registerKernel({ ...stock, kernelFunc: kernel as unknown as typeof stock.kernelFunc });
}

/** The matrix of a resizing along one axis, `[1, outSize, size]`. */
function matrixOf(taps: readonly Tap[], size: number): tf.Tensor3D {
  const values = new Float32Array(taps.length * size);
  taps.forEach(({ low, high, weight }, row) => {
    values[row * size + low]! += 1 - weight;
    values[row * size + high]! += weight;
  });
  return tf.tensor3d(values, [1, taps.length, size]);
}
