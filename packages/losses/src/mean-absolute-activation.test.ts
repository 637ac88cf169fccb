import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectAllClose } from '../test/support.ts';
import { meanAbsoluteActivation } from './mean-absolute-activation.ts';

describe('meanAbsoluteActivation', () => {
  it('is the mean absolute feature of each level', () => {
    const levels = [tf.tensor2d([1, -3], [1, 2]), tf.tensor1d([0, 0, 0]), tf.tensor1d([-40])];
    const before = tf.memory().numTensors;
    const means = meanAbsoluteActivation(levels);
    expect(means.shape).toEqual([3]);
    expectAllClose(means.dataSync(), [2, 0, 40]);
    expect(tf.memory().numTensors).toBe(before + 1);
  });

  it('refuses an empty list', () => {
    expect(() => meanAbsoluteActivation([])).toThrow('There are no features, expected at least one level.');
  });
});
