import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { guardGradients } from './gradient-guard.ts';

const kernel = { kernelName: 'SumOfSquares', backendName: 'cpu' };

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('guardGradients', () => {
  const gradients = { a: tf.tensor2d([[3, 0, -4]]), b: tf.scalar(12) };

  afterEach(() => {
    if (tf.getKernel(kernel.kernelName, kernel.backendName)) tf.unregisterKernel(kernel.kernelName, kernel.backendName);
  });

  it('scales gradients down to the largest norm of all together, and leaves smaller ones', () => {
    const before = tf.memory().numTensors;
    for (const [clipNorm, factor] of [
      [6.5, 0.5],
      [20, 1],
    ] as const) {
      const guarded = guardGradients(tf.scalar(1), gradients, { clipNorm });
      expect(guarded.norm.dataSync()[0]).toBe(13);
      expect([...guarded.gradients['a']!.dataSync()]).toEqual([3 * factor, 0, -4 * factor]);
      expect(guarded.gradients['b']!.dataSync()[0]).toBe(12 * factor);
      tf.dispose({ ...guarded });
    }
    // The two losses.
    expect(tf.memory().numTensors).toBe(before + 2);
  });

  it('takes the norm from one kernel where the engine has it', () => {
    const given: number[][] = [];
    tf.registerKernel({
      ...kernel,
      kernelFunc: ({ inputs, backend }) => {
        given.push(...Object.values(inputs).map((one) => one!.shape));
        const dataId = (backend as tf.KernelBackend).write(Float32Array.from([169]), [], 'float32');
        return { dataId, shape: [], dtype: 'float32' };
      },
    });
    const { norm, gradients: clipped } = guardGradients(tf.scalar(1), gradients, { clipNorm: 1.3 });
    expect(given).toEqual([[1, 3], []]);
    expect(norm.dataSync()[0]).toBe(13);
    expect(clipped['b']!.dataSync()[0]).toBeCloseTo(1.2, 6);
  });
});
