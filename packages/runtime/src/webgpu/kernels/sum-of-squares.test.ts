import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { pseudoRandom } from '../../testing/values.ts';
import { engines, useEngine } from '../../use-engine.ts';

const { available, reason } = (await engines()).find(({ name }) => name === 'webgpu')!;

function run(tensors: readonly tf.Tensor[]): tf.Tensor {
  const inputs = Object.fromEntries(tensors.map((tensor, at) => [`x${at}`, tensor]));
  return tf.engine().runKernel('SumOfSquares', inputs, {}) as tf.Tensor;
}

describe.skipIf(!available)(`webgpu${available ? '' : ` (skipped: ${reason})`}`, () => {
  beforeAll(async () => {
    await useEngine('webgpu');
  });

  test.each([
    { shapes: [[]] },
    { shapes: [[3, 5]] },
    { shapes: [[257], [1], [2, 2, 2, 2], [300, 301]] },
    { shapes: [[1_200_000], [7]] },
    { shapes: Array.from({ length: 7 }, (_, at) => [at + 1]) },
    { shapes: Array.from({ length: 66 }, (_, at) => [at % 9, at + 1].map((size) => Math.max(1, size))) },
  ])('squares of all numbers in $shapes.length tensors are summed', async ({ shapes }) => {
    const values = shapes.map((shape, at) => pseudoRandom(tf.util.sizeFromShape(shape), at + 1));
    const expected = values.reduce((sum, one) => one.reduce((all, value) => all + value * value, sum), 0);
    const tensors = values.map((one, at) => tf.tensor(one, shapes[at]!));
    const before = tf.memory().numDataBuffers;
    const sum = run(tensors);
    expect(sum.shape).toEqual([]);
    expect(tf.memory().numDataBuffers).toBe(before + 1);
    expect((await sum.data())[0]! / expected).toBeCloseTo(1, 5);
    tf.dispose([sum, tensors]);
  });

  test('numbers that were cast count as such, and one that is not finite shows', async () => {
    const cast = tf.cast(tf.greater(tf.range(0, 2000), 999.5), 'float32');
    expect((await run([cast, tf.scalar(2)]).data())[0]).toBe(1004);
    expect((await run([cast, tf.tensor1d([1, NaN])]).data())[0]).toBeNaN();
  });
});
