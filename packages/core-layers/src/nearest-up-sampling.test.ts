import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { NearestUpSampling } from './nearest-up-sampling.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('NearestUpSampling', () => {
  it('repeats every position in both directions', () => {
    const y = new NearestUpSampling().apply(tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1])) as Tensor4D;
    expect(y.shape).toEqual([1, 4, 4, 1]);
    expect(Array.from(y.dataSync())).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
  });

  it('sums the gradient over each window, sample by sample', () => {
    const dy = tf.tensor4d(
      Array.from({ length: 16 }, (_, i) => i),
      [2, 2, 4, 1],
    );
    const layer = new NearestUpSampling();
    const gradient = tf.grad((x) => layer.apply(x) as Tensor)(tf.zeros([2, 1, 2, 1]), dy);
    // Sample 0: 0 + 1 + 4 + 5 and 2 + 3 + 6 + 7; sample 1 has 8 more in each of the four places.
    expect(Array.from(gradient.dataSync())).toEqual([10, 18, 42, 50]);
  });
});
