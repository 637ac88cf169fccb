import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { compileNetwork, sliceNetwork, type Pass } from './slice-network.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Gives `factor · image`. */
function scaling(factor: number): tfl.LayersModel {
  const input = tfl.input({ shape: [2, 2, 1] });
  const weights = [tf.tensor4d([factor], [1, 1, 1, 1])];
  const layer = tfl.layers.conv2d({ filters: 1, kernelSize: 1, useBias: false, weights });
  return tfl.model({ inputs: input, outputs: layer.apply(input) as tfl.SymbolicTensor });
}

const images = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const shape = [2, 2, 2, 1] as const;

describe('compileNetwork', () => {
  it('runs every pass by what the compiler gave, which is released with the network or alone', async () => {
    const release = vi.fn();
    const seen: number[][] = [];
    const compile = (pass: Pass): Pass =>
      Object.assign(
        (inputs: Parameters<Pass>[0]) => {
          seen.push(inputs.image.shape);
          return pass(inputs);
        },
        { release },
      );
    const model = scaling(3);
    const network = compileNetwork(model, compile);
    const before = tf.memory().numTensors;
    expect(Array.from(await network.infer(images, shape))).toEqual(Array.from(images, (value) => 3 * value));
    expect(Array.from(await network.infer(images.subarray(4), [1, 2, 2, 1]))).toEqual([15, 18, 21, 24]);
    expect(tf.memory().numTensors).toBe(before);
    expect(seen).toEqual([
      [2, 2, 2, 1],
      [1, 2, 2, 1],
    ]);
    network.release();
    expect(release).toHaveBeenCalledTimes(1);
    expect(Array.from(await network.infer(images, shape))[0]).toBe(3);
    network.dispose();
    expect(release).toHaveBeenCalledTimes(2);
    expect(tf.memory().numTensors).toBe(before - 1);
  });

  it('leaves no tensor behind when a pass fails', async () => {
    const model = scaling(1);
    const network = compileNetwork(model, () => () => {
      throw new Error('from the pass');
    });
    const before = tf.memory().numTensors;
    await expect(network.infer(images, shape)).rejects.toThrow('from the pass');
    expect(tf.memory().numTensors).toBe(before);
    network.dispose();
  });

  it('runs the pass as it is where there is no compiler', async () => {
    const network = sliceNetwork(scaling(2));
    expect(Array.from(await network.infer(images, shape))).toEqual(Array.from(images, (value) => 2 * value));
    network.dispose();
    expect(sliceNetwork(network)).toBe(network);
  });
});
