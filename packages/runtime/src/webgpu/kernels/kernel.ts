import {
  getKernel,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import type { ProgramBackend } from './program.ts';

/** The arguments of a kernel. */
export interface KernelCall {
  readonly inputs: NamedTensorInfoMap;
  readonly attrs: NamedAttrMap;
  readonly backend: ProgramBackend;
}

/** The code of a kernel. */
export type Kernel = (call: KernelCall) => TensorInfo | TensorInfo[];

/** A kernel that is missing or slow in the backend. */
export interface KernelDefinition {
  readonly name: string;
  /** Creates the kernel's code; `stock` finds the backend's own kernels, for what ours leave to them. */
  create(stock: (name: string) => Kernel): Kernel;
}

const backendName = 'webgpu';

/** Registers kernels for the webgpu backend in place of its own. */
export function installKernels(definitions: readonly KernelDefinition[]): void {
  const own = new Map(definitions.map(({ name }) => [name, getKernel(name, backendName)]));
  const stock = (name: string): Kernel => own.get(name)!.kernelFunc as unknown as Kernel;
  for (const { name, create } of definitions) {
    if (own.get(name) !== undefined) unregisterKernel(name, backendName);
    const kernelFunc = create(stock) as unknown as Parameters<typeof registerKernel>[0]['kernelFunc'];
    registerKernel({ kernelName: name, backendName, kernelFunc });
  }
}
