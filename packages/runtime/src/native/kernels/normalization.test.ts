import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { NodeBackend } from '../../compile/native/node-backend.ts';
import { testFusedNormalization } from '../../testing/fused-normalization.ts';
import { useEngine } from '../../use-engine.ts';
import { nativeBuilds } from '../install/install.ts';
import { recipe } from '../install/pins.ts';

const isBuilt = nativeBuilds().some((build) => build.recipe === recipe);

describe.skipIf(!isBuilt)('normalisation on native (run installNative for these)', () => {
  beforeAll(async () => {
    await useEngine('native', { threads: 2 });
  });

  testFusedNormalization();

  const call = (inputs: Tensor[], groupSize: number): Tensor[] => {
    const backend = tf.backend() as unknown as NodeBackend;
    const { TF_ATTR_FLOAT, TF_ATTR_INT } = backend.binding;
    const attributes = [
      { name: 'epsilon', type: TF_ATTR_FLOAT, value: 1e-3 },
      { name: 'group_size', type: TF_ATTR_INT, value: groupSize },
    ];
    return backend.executeMultipleOutputs('InterSegNormalization', attributes, inputs, 3);
  };

  test.each([
    ['another number of axes', [[4, 2], [2], [2]], 1, 'x must be [sets, positions, channels]'],
    ['groups that do not divide the channels', [[1, 4, 3], [3], [3]], 2, 'groups must divide the channels'],
    ['too few scales', [[1, 4, 3], [2], [3]], 1, 'an input has another size than x asks for'],
  ])('%s is refused', (_, shapes, groupSize, message) => {
    expect(() =>
      tf.tidy(() =>
        call(
          shapes.map((shape) => tf.ones(shape)),
          groupSize,
        ),
      ),
    ).toThrow(message);
  });
});
