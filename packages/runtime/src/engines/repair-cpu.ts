import { getKernel, type NamedAttrMap, registerKernel, type TensorInfo, unregisterKernel } from '@tensorflow/tfjs-core';
import { bilinearGradient, nearestGradient, readResizing } from '../resize-gradients.ts';

interface CpuBackend {
  readonly data: { get(id: TensorInfo['dataId']): { values: Float32Array } };
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): TensorInfo;
}

interface Call {
  inputs: Record<'images' | 'dy', TensorInfo>;
  attrs: NamedAttrMap;
  backend: CpuBackend;
}

let repaired = false;

/**
 * Replaces the gradients of resizing in the cpu backend: ResizeNearestNeighborGrad mixes the samples of a batch, and
 * both ignore half-pixel centres.
 */
export function repairCpu(): void {
  if (repaired) return;
  repaired = true;
  replace('ResizeNearestNeighborGrad', nearestGradient);
  replace('ResizeBilinearGrad', bilinearGradient);
}

function replace(name: string, gradient: typeof nearestGradient): void {
  const kernelFunc = ({ inputs: { images, dy }, attrs, backend }: Call): TensorInfo => {
    const dx = new Float32Array(images.shape.reduce((a, b) => a * b, 1));
    gradient(backend.data.get(dy.dataId).values, dx, readResizing(images, dy, attrs));
    return backend.makeTensorInfo(images.shape, 'float32', dx);
  };
  if (getKernel(name, 'cpu') !== undefined) unregisterKernel(name, 'cpu');
  registerKernel({
    kernelName: name,
    backendName: 'cpu',
    kernelFunc: kernelFunc as unknown as Parameters<typeof registerKernel>[0]['kernelFunc'],
  });
}
