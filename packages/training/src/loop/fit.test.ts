import { openSlices, type DataSet } from '@interseg/data';
import { createNetwork, type SegmentationNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { smallPhantoms } from '../../test/small-run.ts';
import { Adam } from '../optimizer/adam.ts';
import { fit, type FitDataset, type FitOptions } from './fit.ts';
import type { EpochRecord } from './history.ts';

let phantoms: DataSet;
let dataset: FitDataset;

beforeAll(async () => {
  await tf.setBackend('cpu');
  phantoms = await smallPhantoms();
  const open = (...ids: string[]) => openSlices(phantoms, ids, { size: [16, 16] });
  dataset = { train: await open('phantom_001', 'phantom_002'), validation: await open('phantom_003') };
});

const create = (variant = 'twi-unet'): SegmentationNetwork =>
  createNetwork({ variant, inputShape: [16, 16, 2], classes: 2, filters: [2, 3, 4] });
const options: FitOptions = { epochs: 3, batchSize: 3, learningRate: 0.01 };
const withoutTime = (history: EpochRecord[]) => history.map((record) => ({ ...record, seconds: 0 }));

async function run(changes: FitOptions = {}, variant?: string) {
  const network = create(variant);
  const result = await fit(network, dataset, { ...options, ...changes });
  network.dispose();
  return result;
}

describe('fit', () => {
  it('lowers the loss and records every term of it', async () => {
    const { state, stopped } = await run({ epochs: 6 });
    expect(stopped).toBe('epochs');
    expect(state.history).toHaveLength(6);
    const [first, last] = [state.history[0]!, state.history[5]!];
    expect(last.lossImage).toBeLessThan(first.lossImage);
    expect(last.valLoss).toBeLessThan(first.valLoss!);
    for (const { trainLoss, lossImage, lossMask, lossIntermediate, lossReconstruction } of state.history) {
      const sum = lossImage + lossMask! + 0.1 * lossIntermediate! + 0.1 * lossReconstruction!;
      expect(trainLoss).toBeCloseTo(sum, 5);
    }
    expect(last.step).toBe(6 * Math.ceil(dataset.train.length / 3));
  });

  it('leaves out the terms that a variant lacks', async () => {
    const [record] = (await run({ epochs: 1 }, 'unet')).state.history;
    expect(record).toMatchObject({ lossMask: undefined, lossIntermediate: undefined, lossReconstruction: undefined });
    expect(record!.trainLoss).toBeCloseTo(record!.lossImage, 6);
  });

  it('gives the same history for the same seed, and another for another', async () => {
    const [a, b, c] = [await run(), await run(), await run({ seed: 2 })].map(({ state }) => withoutTime(state.history));
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  it('continues an interrupted epoch as if it had never stopped', async () => {
    const whole = withoutTime((await run()).state.history);
    const network = create();
    const optimizer = new Adam(network.trainableVariables);
    const controller = new AbortController();
    let steps = 0;
    const onStep = (): void => {
      if (++steps === 4) controller.abort();
    };
    const first = await fit(network, dataset, { ...options, optimizer, onStep, signal: controller.signal });
    expect(first.stopped).toBe('interrupted');
    expect(first.state).toMatchObject({ step: 4 });
    expect(first.state.stepInEpoch).toBeGreaterThan(0);
    const second = await fit(network, dataset, { ...options, optimizer, state: structuredClone(first.state) });
    expect(withoutTime(second.state.history)).toEqual(whole);
    optimizer.dispose();
    network.dispose();
  });

  it('keeps the number of tensors flat', async () => {
    const before = tf.memory().numTensors;
    const network = create();
    const counts: number[] = [];
    await fit(network, dataset, { ...options, onEpoch: () => void counts.push(tf.memory().numTensors) });
    expect(new Set(counts).size).toBe(1);
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('stops when no epoch has been better for as long as patience says', async () => {
    // With a learning rate of next to nothing the validation Dice cannot change.
    const { state, stopped } = await run({ epochs: 50, patience: 2, learningRate: 1e-12 });
    expect(stopped).toBe('patience');
    expect(state.history).toHaveLength(3);
    expect(state.best?.epoch).toBe(1);
  });

  it('refuses to train on nothing', async () => {
    const network = create('unet');
    const train = await openSlices(phantoms, [], { size: [16, 16] });
    await expect(fit(network, { train }, options)).rejects.toThrow('There are no training slices');
    network.dispose();
  });

  it('says where a loss stopped being a number', async () => {
    const network = create('unet');
    const [variable] = network.trainableVariables;
    tf.tidy(() => variable!.assign(tf.fill(variable!.shape, NaN)));
    await expect(fit(network, dataset, options)).rejects.toThrow(
      /The loss is NaN in epoch 1, step 1 \(cases phantom_00/,
    );
    network.dispose();
  });
});
