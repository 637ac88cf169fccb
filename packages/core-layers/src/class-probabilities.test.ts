import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';
import { ClassProbabilities } from './class-probabilities.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('gives the softmax of the classes, without the background', () => {
  const logits = tf.tensor4d([0, Math.log(2), Math.log(5), 1000, 1000, -1000], [1, 1, 2, 3]);
  const layer = new ClassProbabilities({});
  const found = layer.apply(logits) as tf.Tensor;
  expect(found.shape).toEqual([1, 1, 2, 2]);
  expect(layer.computeOutputShape([null, 1, 2, 3])).toEqual([null, 1, 2, 2]);
  [2 / 8, 5 / 8, 1 / 2, 0].forEach((value, i) => expect(found.dataSync()[i]).toBeCloseTo(value, 6));
});

it('has the gradient of the softmax', () => {
  // ∂p_1/∂z = p_1·(δ − p), with p = 1/8, 2/8, 5/8.
  const logits = tf.tensor4d([0, Math.log(2), Math.log(5)], [1, 1, 1, 3]);
  const first = (z: tf.Tensor) => tf.sum(tf.slice(new ClassProbabilities({}).apply(z) as tf.Tensor4D, 0, [1, 1, 1, 1]));
  const gradient = tf.grad(first)(logits).dataSync();
  [-1 / 32, 3 / 16, -5 / 32].forEach((value, i) => expect(gradient[i]).toBeCloseTo(value, 6));
});
