import { getKernel, registerKernel, type TensorInfo, unregisterKernel, util } from '@tensorflow/tfjs-core';
import type { KernelCall, WasmBackend } from './backend.ts';
import type { Simd } from './simd/simd.ts';

/** The code of a kernel. */
export type KernelFunction = (call: KernelCall) => TensorInfo | TensorInfo[];

/** The code of a kernel with one output. */
export type Kernel = (call: KernelCall) => TensorInfo;

/** The backend's own kernels. */
export type StockKernels = (name: string) => Kernel;

/** A kernel that is missing, wrong or slow in the backend. */
export interface KernelDefinition {
  readonly name: string;
  /** Creates the kernel's code; `stock` finds the backend's own kernels, to build on or for other cases. */
  create(stock: StockKernels): KernelFunction;
}

const simdKernels = new WeakMap<WasmBackend, Simd>();

/** Connects a backend with its SIMD kernels. */
export function attachSimd(backend: WasmBackend, simd: Simd): void {
  simdKernels.set(backend, simd);
}

/** Finds the SIMD kernels of a backend. */
export function findSimd(backend: WasmBackend): Simd {
  const simd = simdKernels.get(backend);
  if (simd === undefined) throw new Error('wasm engine: start it by useEngine, which its kernels need.');
  return simd;
}

/** The position of a tensor's values, as a byte offset into the heap. */
export function findAddress(backend: WasmBackend, tensor: TensorInfo): number {
  return backend.dataIdMap.get(tensor.dataId).memoryOffset!;
}

/** Whether all tensors are float32 and none is empty. */
export function areFloats(...tensors: (TensorInfo | undefined)[]): boolean {
  return tensors.every((t) => t !== undefined && t.dtype === 'float32' && util.sizeFromShape(t.shape) > 0);
}

let installed = false;

/** Registers kernels for the wasm backend in place of its own, once. */
export function installKernels(definitions: readonly KernelDefinition[]): void {
  if (installed) return;
  installed = true;
  const stock: StockKernels = (name) => {
    const kernel = getKernel(name, 'wasm');
    if (kernel === undefined) throw new Error(`wasm engine: the backend has no kernel ${name}`);
    return kernel.kernelFunc as unknown as Kernel;
  };
  // All are made before any is registered, so that `stock` means what its name says.
  const made = definitions.map(({ name, create }) => ({ name, kernelFunc: create(stock) }));
  for (const { name, kernelFunc } of made) {
    const own = getKernel(name, 'wasm');
    if (own !== undefined) unregisterKernel(name, 'wasm');
    registerKernel({
      kernelName: name,
      backendName: 'wasm',
      // The backend's own kernel, which ours may call, is prepared when the backend starts.
      setupFunc: own?.setupFunc,
      kernelFunc: kernelFunc as unknown as Parameters<typeof registerKernel>[0]['kernelFunc'],
    });
  }
}
