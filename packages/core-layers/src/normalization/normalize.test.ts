import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // registers the gradients, which tfjs-core alone does not under Node
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { finiteDifferences, relativeDifference } from '../../test/finite-differences.ts';
import { normalize } from './normalize.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('normalize', () => {
  it('gives the numbers worked out by hand', () => {
    // One set, two channels: 1, 3, 5 has mean 3 and variance 8/3; 2, 2, 2 has variance 0.
    const x = tf.tensor3d([1, 2, 3, 2, 5, 2], [1, 3, 2]);
    const y = normalize(x, tf.tensor1d([2, 1]), tf.tensor1d([10, 7]), { epsilon: 1e-9 });
    const step = 2 * (2 / Math.sqrt(8 / 3));
    expect(Array.from(y.dataSync())).toEqual([10 - step, 7, 10, 7, 10 + step, 7].map((v) => expect.closeTo(v, 4)));
  });

  it('shares the statistics of a group of channels', () => {
    // The group holds 1, 2, 3, 6: mean 3, variance (4 + 1 + 0 + 9)/4 = 3.5.
    const y = normalize(tf.tensor3d([1, 2, 3, 6], [1, 2, 2]), tf.ones([2]), tf.zeros([2]), {
      groupSize: 2,
      epsilon: 1e-9,
    });
    expect(Array.from(y.dataSync())).toEqual([-2, -1, 0, 3].map((v) => expect.closeTo(v / Math.sqrt(3.5), 5)));
  });

  it.each([
    { groupSize: 1, shape: [2, 5, 3] },
    { groupSize: 2, shape: [2, 4, 4] },
    { groupSize: 4, shape: [3, 3, 4] },
  ])('has the gradient that finite differences give: %o', ({ groupSize, shape }) => {
    const channels = shape[2]!;
    const x = tf.randomNormal(shape, 0, 1, 'float32', 1);
    const scale = tf.randomUniform([channels], 0.5, 1.5, 'float32', 2);
    const shift = tf.randomNormal([channels], 0, 1, 'float32', 3);
    const weights = tf.randomNormal(shape, 0, 1, 'float32', 4);
    const loss = (a: Tensor, b: Tensor, c: Tensor): Tensor =>
      tf.sum(tf.mul(weights, tf.square(normalize(a, b, c, { groupSize, epsilon: 1e-3 }))));
    const [dx, dScale, dShift] = tf.grads(loss as (...x: Tensor[]) => Tensor)([x, scale, shift]) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    expect(
      relativeDifference(
        dx.dataSync(),
        finiteDifferences((t) => loss(t, scale, shift), x),
      ),
    ).toBeLessThan(5e-3);
    expect(
      relativeDifference(
        dScale.dataSync(),
        finiteDifferences((t) => loss(x, t, shift), scale),
      ),
    ).toBeLessThan(5e-3);
    expect(
      relativeDifference(
        dShift.dataSync(),
        finiteDifferences((t) => loss(x, scale, t), shift),
      ),
    ).toBeLessThan(5e-3);
  });

  it('leaves no tensor behind', () => {
    const x = tf.randomNormal([2, 6, 4]);
    const before = tf.memory().numTensors;
    const loss = (t: Tensor): Tensor =>
      tf.sum(normalize(t, tf.ones([4]), tf.zeros([4]), { groupSize: 2, epsilon: 1e-5 }));
    tf.dispose(tf.tidy(() => tf.grad(loss)(x)));
    expect(tf.memory().numTensors).toBe(before);
  });
});
