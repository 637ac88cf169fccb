import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { NodeBackend, OperationAttribute } from '../../compile/native/node-backend.ts';
import { readNormalizationSizes } from '../../fused-normalization.ts';
import { addKernel, type Kernel } from './node-kernel.ts';

/** The operations that InterSeg's build of the binding adds to TensorFlow. */
export const normalizationOperations = {
  forward: 'InterSegNormalization',
  gradient: 'InterSegNormalizationGrad',
  /** That of a normalisation and the ReLU after it, which graphs use. */
  reluGradient: 'InterSegNormalizationReluGrad',
} as const;

/**
 * Makes normalisation and its gradient one operation each, `FusedNormalization` and `FusedNormalizationGrad` of the other
 * engines, where the binding has them: an installed tfjs-node has not, and a GPU would have to move the features to the
 * processor and back.
 */
export function registerNormalization(backend: NodeBackend & { isUsingGpuDevice?: boolean }): void {
  if (backend.isUsingGpuDevice === true || !hasNormalization(backend)) return;
  addKernel('FusedNormalization', kernel(normalizationOperations.forward, ['x', 'scale', 'shift']));
  addKernel(
    'FusedNormalizationGrad',
    kernel(normalizationOperations.gradient, ['x', 'dy', 'scale', 'mean', 'inverse']),
  );
}

function kernel(operation: string, names: readonly string[]): Kernel {
  return ({ inputs, attrs, backend }) => {
    const given = names.map((name) => inputs[name]!);
    const { groupSize } = readNormalizationSizes('native', given[0]!, attrs['groupSize']);
    const attributes = normalizationAttributes(backend, (attrs['epsilon'] as number | undefined) ?? 0, groupSize);
    return backend.executeMultipleOutputs(operation, attributes, given, 3);
  };
}

function normalizationAttributes({ binding }: NodeBackend, epsilon: number, groupSize: number): OperationAttribute[] {
  return [
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: 'group_size', type: binding.TF_ATTR_INT, value: groupSize },
  ];
}

/** 1 and 3 have the mean 2 and the variance 1. */
function hasNormalization(backend: NodeBackend): boolean {
  try {
    return tf.tidy(() => {
      const inputs: Tensor[] = [tf.tensor3d([1, 3], [1, 2, 1]), tf.tensor1d([2]), tf.tensor1d([5])];
      const [y] = backend.executeMultipleOutputs(
        normalizationOperations.forward,
        normalizationAttributes(backend, 1e-6, 1),
        inputs,
        3,
      );
      const [first, second] = y!.dataSync();
      return Math.abs(first! - 3) < 1e-4 && Math.abs(second! - 7) < 1e-4;
    });
  } catch {
    return false;
  }
}
