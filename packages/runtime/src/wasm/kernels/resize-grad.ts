import type { TensorInfo } from '@tensorflow/tfjs-core';
import { bilinearGradient, nearestGradient, readResizing } from '../../resize-gradients.ts';
import type { KernelDefinition } from '../kernel.ts';

function define(name: string, gradient: typeof nearestGradient): KernelDefinition {
  return {
    name,
    create:
      () =>
      ({ inputs, attrs, backend }) => {
        const { images, dy } = inputs as Record<'images' | 'dy', TensorInfo>;
        const dx = backend.makeOutput(images.shape, 'float32');
        const values = backend.typedArrayFromHeap(dx) as Float32Array;
        values.fill(0);
        gradient(backend.typedArrayFromHeap(dy) as Float32Array, values, readResizing(images, dy, attrs));
        return dx;
      },
  };
}

/** The gradient of nearest-neighbour resizing; the backend's own kernel is slow and ignores half-pixel centres. */
export const resizeNearestNeighborGrad = define('ResizeNearestNeighborGrad', nearestGradient);

/** The gradient of bilinear resizing; the backend's own kernel ignores half-pixel centres. */
export const resizeBilinearGrad = define('ResizeBilinearGrad', bilinearGradient);
