import { getKernel, type NamedAttrMap, registerKernel, type TensorInfo, unregisterKernel } from '@tensorflow/tfjs-core';
import { bilinearGradient, nearestGradient, readResizing } from '../resize-gradients.ts';
import { filterGradient, type Values } from './cpu-filter-gradient.ts';

interface CpuBackend {
  readonly data: { get(id: TensorInfo['dataId']): { values: Values } };
  makeTensorInfo(shape: number[], dtype: 'float32', values: Float32Array): TensorInfo;
}

interface Call<Name extends string> {
  inputs: Record<Name, TensorInfo>;
  attrs: NamedAttrMap;
  backend: CpuBackend;
}

let repaired = false;

/**
 * Replaces kernels of the cpu backend: ResizeNearestNeighborGrad mixes the samples of a batch, and both gradients of
 * resizing ignore half-pixel centres; Conv2DBackpropFilter takes most of the time of a training step.
 */
export function repairCpu(): void {
  if (repaired) return;
  repaired = true;
  replace('ResizeNearestNeighborGrad', resizing(nearestGradient));
  replace('ResizeBilinearGrad', resizing(bilinearGradient));
  replace('Conv2DBackpropFilter', ({ inputs: { x, dy }, attrs, backend }: Call<'x' | 'dy'>) => {
    const read = (tensor: TensorInfo) => [tensor, backend.data.get(tensor.dataId).values] as const;
    const { shape, values } = filterGradient(read(x), read(dy), attrs);
    return backend.makeTensorInfo(shape, 'float32', values);
  });
}

function resizing(gradient: typeof nearestGradient) {
  return ({ inputs: { images, dy }, attrs, backend }: Call<'images' | 'dy'>): TensorInfo => {
    const dx = new Float32Array(images.shape.reduce((a, b) => a * b, 1));
    gradient(backend.data.get(dy.dataId).values as Float32Array, dx, readResizing(images, dy, attrs));
    return backend.makeTensorInfo(images.shape, 'float32', dx);
  };
}

function replace<Name extends string>(kernelName: string, kernelFunc: (call: Call<Name>) => TensorInfo): void {
  if (getKernel(kernelName, 'cpu') !== undefined) unregisterKernel(kernelName, 'cpu');
  registerKernel({
    kernelName,
    backendName: 'cpu',
    kernelFunc: kernelFunc as unknown as Parameters<typeof registerKernel>[0]['kernelFunc'],
  });
}
