import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pseudoRandom } from '../../testing/values.ts';
import type { Engine } from '../../types.ts';
import { useEngine } from '../../use-engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine('wasm', { threads: 2 });
});
afterAll(() => engine.release?.());

const run = (kernel: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap = {}): tf.Tensor[] =>
  [tf.engine().runKernel(kernel, inputs, attributes)].flat();
const bytesOf = (tensors: readonly tf.Tensor[]): number[][] =>
  tensors.map((tensor) => [...new Uint32Array(tensor.dataSync<'float32'>().slice().buffer)]);

// With and without values beyond the last four, for one thread and for two.
const shapes = [[1], [3], [4, 5], [3, 3, 7, 11], [500, 501]];

describe('AdamUpdate', () => {
  const [beta1, beta2] = [0.9, 0.999];

  test.each(shapes.flatMap((shape) => [undefined, 0.01].map((lost) => ({ shape, lost }))))(
    'gives the bits of single operations: $shape, weight decay $lost',
    ({ shape, lost }) => {
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const [variable, gradient, first, second] = [1, 2, 3, 4].map((seed) =>
          tf.tensor(pseudoRandom(tf.util.sizeFromShape(shape), seed), shape),
        ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
        const squared = tf.square(second);
        const [stepSize, epsilon] = [tf.scalar(0.003), tf.scalar(1e-8)];
        const decay = lost === undefined ? undefined : tf.scalar(lost);
        const inputs = { variable, gradient, first, second: squared, stepSize, epsilon, ...(decay && { decay }) };

        const nextFirst = tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1));
        const nextSecond = tf.add(tf.mul(squared, beta2), tf.mul(tf.square(gradient), 1 - beta2));
        const direction = tf.div(nextFirst, tf.add(tf.sqrt(nextSecond), epsilon));
        const start = decay ? tf.sub(variable, tf.mul(variable, decay)) : variable;
        const expected = [tf.sub(start, tf.mul(direction, stepSize)), nextFirst, nextSecond];

        expect(bytesOf(run('AdamUpdate', inputs, { beta1, beta2 }))).toEqual(bytesOf(expected));
      });
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  test('refuses tensors that do not go together', () => {
    const one = tf.zeros([4]);
    const inputs = { variable: one, gradient: tf.zeros([2, 2]), first: one, second: one };
    const scalars = { stepSize: tf.scalar(1), epsilon: tf.scalar(1) };
    expect(() => run('AdamUpdate', { ...inputs, ...scalars }, { beta1, beta2 })).toThrow(
      'wasm engine: AdamUpdate was given float32 [4], float32 [2, 2], float32 [4], float32 [4], float32 [], float32 []; ' +
        'it takes float32 of one shape that is not empty, and scalars.',
    );
    tf.dispose([inputs, scalars]);
  });
});

test.each(shapes)('Approach gives the bits of single operations: [%s, …]', (...shape) => {
  tf.tidy(() => {
    const [a, x] = [1, 2].map((seed) => tf.tensor(pseudoRandom(tf.util.sizeFromShape(shape), seed), shape)) as [
      tf.Tensor,
      tf.Tensor,
    ];
    const share = tf.scalar(0.02);
    const expected = tf.add(a, tf.mul(tf.sub(x, a), share));
    expect(bytesOf(run('Approach', { a, x, share }))).toEqual(bytesOf([expected]));
  });
});

describe('SumOfSquares', () => {
  test('sums the squares of all numbers, with the bits of single operations', () => {
    tf.tidy(() => {
      const tensors = shapes.map((shape, at) => tf.tensor(pseudoRandom(tf.util.sizeFromShape(shape), at), shape));
      const [sum] = run('SumOfSquares', Object.fromEntries(tensors.map((tensor, at) => [`x${at}`, tensor])));
      expect(sum!.shape).toEqual([]);
      expect(bytesOf([sum!])).toEqual(bytesOf([tf.addN(tensors.map((tensor) => tf.sum(tf.square(tensor))))]));
      const exact = tensors.flatMap((tensor) => [...tensor.dataSync()]).reduce((all, value) => all + value * value, 0);
      expect(sum!.dataSync()[0]! / exact).toBeCloseTo(1, 6);
    });
  });

  test('shows a number that is not finite', () => {
    tf.tidy(() => {
      expect(run('SumOfSquares', { x: tf.tensor1d([1, NaN, 2, 3, 4]) })[0]!.dataSync()[0]).toBeNaN();
    });
  });
});
