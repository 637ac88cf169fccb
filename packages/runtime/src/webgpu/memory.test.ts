import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { engines, useEngine } from '../use-engine.ts';

const { available, reason } = (await engines()).find(({ name }) => name === 'webgpu')!;

describe.skipIf(!available)(`webgpu${available ? '' : ` (skipped: ${reason})`}`, () => {
  beforeAll(async () => {
    await useEngine('webgpu');
  });

  test('training steps leave tensors and the memory of the GPU as they were', async () => {
    const variable = (shape: number[]): tf.Variable => tf.variable(tf.randomNormal(shape, 0, 0.3, 'float32', 1));
    const [first, up] = [variable([3, 3, 1, 4]), variable([2, 2, 4, 4])];
    const head = variable([1, 1, 8, 1]);
    const x = tf.randomNormal([2, 8, 8, 1], 0, 1, 'float32', 2) as tf.Tensor4D;
    const labels = tf.cast(tf.greater(x, 0.5), 'float32');
    const loss = (): tf.Scalar => {
      const a = tf.relu(tf.conv2d(x, first as tf.Tensor4D, 1, 'same')) as tf.Tensor4D;
      const b = tf.conv2dTranspose(tf.maxPool(a, 2, 2, 'valid'), up as tf.Tensor4D, [2, 8, 8, 4], 2, 'same');
      const y = tf.sigmoid(tf.conv2d(tf.concat([a, b], 3), head as tf.Tensor4D, 1, 'same'));
      return tf.mean(tf.squaredDifference(y, labels));
    };
    const optimizer = tf.train.adam(0.05);
    const losses: number[] = [];
    const steps = async (count: number): Promise<void> => {
      for (let k = 0; k < count; k++) {
        const value = optimizer.minimize(loss, true)!;
        losses.push((await value.data())[0]!);
        value.dispose();
      }
    };
    await steps(5);
    const memory = () => {
      const { numTensors, numBytesAllocatedInGPU } = tf.memory() as tf.MemoryInfo & { numBytesAllocatedInGPU: number };
      return { numTensors, numBytesAllocatedInGPU };
    };
    const before = memory();
    await steps(15);
    expect(memory()).toEqual(before);
    expect(losses.at(-1)).toBeLessThan(0.8 * losses[0]!);
    tf.dispose([x, labels]);
    optimizer.dispose();
    tf.disposeVariables();
  });

  test('many tensors are summed, more than a GPU takes at once', async () => {
    const before = tf.memory().numTensors;
    const sum = tf.tidy(() => tf.addN(Array.from({ length: 60 }, (_, at) => tf.fill([40, 50], at))));
    expect(new Set(await sum.data())).toEqual(new Set([(60 * 59) / 2]));
    sum.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('reading without waiting is an error that says what to write', async () => {
    // The backend leaves sums of a few numbers to JavaScript.
    const sum = tf.add(tf.ones([40, 50]), 3);
    expect(() => sum.dataSync()).toThrow('webgpu engine: a tensor can only be read by await tensor.data()');
    expect(new Set(await sum.data())).toEqual(new Set([4]));
    // Once it was read, the numbers are there.
    expect(new Set(sum.dataSync())).toEqual(new Set([4]));
  });

  test('a tensor for which the GPU has no place is an error when it is read, and work can go on', async () => {
    const large = tf.fill([2 ** 31 / 4 + 1024, 1], 1);
    const part = tf.slice(large, [0, 0], [2048, 1]);
    await expect(part.data()).rejects.toThrow(/^webgpu engine: out of memory on the GPU \(.*\); use a smaller batch/);
    tf.dispose([large, part]);
    expect(new Set(await tf.add(tf.ones([40, 50]), 3).data())).toEqual(new Set([4]));
  });

  test('a released engine starts anew', async () => {
    const engine = await useEngine('webgpu');
    expect(await useEngine('webgpu')).toBe(engine);
    engine.release?.();
    expect(await useEngine('webgpu')).not.toBe(engine);
    expect([...(await tf.add(tf.tensor1d([1]), 2).data())]).toEqual([3]);
  });
});
