import * as tf from '@tensorflow/tfjs-core';
import type { DataType, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeBackend, OperationAttribute } from '../../compile/native/node-backend.ts';
import { backendName } from '../tfjs-node.ts';

/** The arguments of a kernel on tfjs-node's backend. */
export interface KernelCall {
  readonly inputs: NamedTensorInfoMap;
  readonly attrs: NamedAttrMap;
  readonly backend: NodeBackend;
}

export type Kernel = (call: KernelCall) => TensorInfo | TensorInfo[];

/** Finds the kernel that tfjs-node's backend has. */
export function findKernel(kernelName: string): Kernel {
  return tf.getKernel(kernelName, backendName).kernelFunc as unknown as Kernel;
}

/** Registers a kernel for tfjs-node's backend in place of the existing one. */
export function addKernel(kernelName: string, kernel: Kernel): void {
  if (tf.getKernel(kernelName, backendName) !== undefined) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) =>
      kernel({ inputs, attrs: attrs ?? {}, backend: backend as unknown as NodeBackend }),
  });
}

/** An attribute that names a type of numbers. */
export function typeAttribute(backend: NodeBackend, name: string, dtype: DataType): OperationAttribute {
  return { name, type: backend.binding.TF_ATTR_TYPE, value: backend.getDTypeInteger(dtype) };
}
