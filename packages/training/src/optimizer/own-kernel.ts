import * as tf from '@tensorflow/tfjs-core';
import type { NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';

/** Runs a kernel that TensorFlow.js does not define, if the current engine has it: what it gives, or nothing. */
export function runOwnKernel(
  name: string,
  inputs: NamedTensorMap,
  attributes: NamedAttrMap = {},
): Tensor[] | undefined {
  if (tf.getKernel(name, tf.getBackend()) === undefined) return undefined;
  return [tf.engine().runKernel(name, inputs, attributes)].flat();
}
