import { openUnlabelledSlices, type UnlabelledSource } from '@interseg/data';
import { createNetwork, type SegmentationNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { smallPhantoms } from '../../test/small-run.ts';
import { pretrainReconstruction } from './reconstruction.ts';

let source: UnlabelledSource;

beforeAll(async () => {
  await tf.setBackend('cpu');
  const phantoms = await smallPhantoms({ patients: 1, unlabelled: 1 });
  source = await openUnlabelledSlices(phantoms, ['phantom_001', 'phantom_002'], { size: [16, 16] });
});

const create = (variant: string): SegmentationNetwork =>
  createNetwork({ variant, inputShape: [16, 16, 2], classes: 2, filters: [2, 3, 4], normalization: 'batch' });
const values = (network: SegmentationNetwork): Map<string, number[]> =>
  new Map([...network.variables].map(([name, variable]) => [name, Array.from(variable.dataSync())]));
const options = { epochs: 5, batchSize: 4, learningRate: 0.02, seed: 1 };

describe('a reconstruction that is trained before the network', () => {
  it.each(['tw-unet', 'twi-unetpp'])('learns from images and moves what it is made of alone: %s', async (variant) => {
    const network = create(variant);
    const before = values(network);
    const losses: number[] = [];
    const tensors = tf.memory().numTensors;
    const onEpoch = (_: unknown, loss: number): void => void losses.push(loss);
    expect(await pretrainReconstruction(network, source, { ...options, onEpoch })).toBe(true);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(losses).toHaveLength(5);
    expect(losses[4]).toBeLessThan(losses[0]! - 0.01);
    const moved = [...values(network)].filter(([name, now]) => now.some((value, i) => value !== before.get(name)![i]));
    const names = moved.map(([name]) => name);
    // The encoder with its moving statistics and the tied decoder; no decoder of the segmentation, no head.
    expect(names.filter((name) => !/^(reconstruction_)?x_\d_0_/.test(name))).toEqual([]);
    expect(names.some((name) => /^x_0_0_.*moving_mean/.test(name))).toBe(true);
    expect(names.some((name) => name.startsWith('reconstruction_'))).toBe(true);
    network.dispose();
  });

  it('goes on from a whole epoch, and ends early when it is interrupted', async () => {
    const network = create('tw-unet');
    const done: number[] = [];
    const state = { epochs: 3, steps: 9 };
    const onEpoch = ({ epochs }: { epochs: number }): void => void done.push(epochs);
    expect(await pretrainReconstruction(network, source, { ...options, state, onEpoch })).toBe(true);
    expect(done).toEqual([4, 5]);
    const signal = AbortSignal.abort();
    expect(await pretrainReconstruction(network, source, { ...options, signal })).toBe(false);
    network.dispose();
  });

  it('is refused where nothing is reconstructed or images have another shape, and stops at what is no number', async () => {
    const [plain, tied] = [create('unet'), create('tw-unet')];
    await expect(pretrainReconstruction(plain, source, options)).rejects.toThrow('unet reconstructs nothing');
    await expect(pretrainReconstruction(tied, { ...source, channels: 1 }, options)).rejects.toThrow('[16, 16, 1]');
    tf.tidy(() => tied.trainableVariables.forEach((variable) => variable.assign(tf.fill(variable.shape, NaN))));
    await expect(pretrainReconstruction(tied, source, options)).rejects.toThrow(
      /^The loss is NaN in epoch 1 of the reconstruction, step 1 \(cases phantom_00/,
    );
    for (const network of [plain, tied]) network.dispose();
  });
});
