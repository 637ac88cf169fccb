import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, TensorInfo, Variable } from '@tensorflow/tfjs-core';
import { bufferOf, copyBuffer, type GpuBackend } from './gpu-backend.ts';

/** A tensor with the same numbers in memory of its own. */
export function copyOf(backend: GpuBackend, { dataId, shape, dtype }: TensorInfo): Tensor {
  const data = backend.tensorMap.get(dataId);
  const values = data.resource ? undefined : (data.values ?? undefined);
  const copy = backend.makeTensorInfo(data.shape, data.dtype, values);
  if (values === undefined) copyBuffer(backend, bufferOf(backend, dataId)!, bufferOf(backend, copy.dataId)!);
  return tf.engine().makeTensorFromTensorInfo({ dataId: copy.dataId, shape, dtype });
}

/** Gives a variable data of its own type: after a cast, the numbers on the GPU may be those of before. */
export function makePlain(backend: GpuBackend, variable: Variable): void {
  if (backend.tensorMap.get(variable.dataId).dtype === variable.dtype) return;
  tf.tidy(() => variable.assign(tf.mul(variable, tf.scalar(1, variable.dtype))));
}
