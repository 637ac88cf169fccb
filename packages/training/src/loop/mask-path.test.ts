import { openSlices, type DataSet, type SliceSource } from '@interseg/data';
import { createNetwork, type SegmentationNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { smallPhantoms } from '../../test/small-run.ts';
import { Adam } from '../optimizer/adam.ts';
import { fit } from './fit.ts';
import { pretrainMaskPath, trainedVariables } from './mask-path.ts';
import type { LossOptions } from './train-step.ts';

let source: SliceSource;

beforeAll(async () => {
  await tf.setBackend('cpu');
  const phantoms: DataSet = await smallPhantoms();
  source = await openSlices(phantoms, ['phantom_001', 'phantom_002'], { size: [16, 16] });
});

const create = (variant: string): SegmentationNetwork =>
  createNetwork({ variant, inputShape: [16, 16, 2], classes: 2, filters: [2, 3, 4] });
const values = (network: SegmentationNetwork): Map<string, number[]> =>
  new Map([...network.variables].map(([name, variable]) => [name, Array.from(variable.dataSync())]));
const changed = (before: Map<string, number[]>, after: Map<string, number[]>): string[] =>
  [...before.keys()].filter((name) => before.get(name)!.some((value, i) => value !== after.get(name)![i]));

describe('a mask path that is trained beforehand', () => {
  it.each(['ae-unet', 'twae-unet'])('learns to give the mask back, then stays as it is: %s', async (variant) => {
    const network = create(variant);
    const fresh = values(network);
    const losses: number[] = [];
    const tensors = tf.memory().numTensors;
    const done = await pretrainMaskPath(network, source, {
      epochs: 6,
      batchSize: 3,
      learningRate: 0.02,
      seed: 1,
      loss: {},
      onEpoch: (_, loss) => void losses.push(loss),
    });
    expect(done).toBe(true);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(losses.at(-1)).toBeLessThan(0.85 * losses[0]!);
    const learned = values(network);
    const touched = changed(fresh, learned);
    expect(touched.some((name) => name.startsWith('mask_'))).toBe(true);
    // The image's encoder has no part in it; a shared decoder has.
    expect(touched.some((name) => /^x_\d_0_/.test(name))).toBe(false);
    expect(touched.some((name) => /^x_0_2_/.test(name))).toBe(variant === 'twae-unet');

    const optimizer = new Adam(trainedVariables(network, 'pretrained'));
    await fit(network, { train: source }, { epochs: 1, batchSize: 3, optimizer, loss: { lambda: 1 } });
    const moved = changed(learned, values(network));
    expect(moved.filter((name) => name.startsWith('mask_'))).toEqual([]);
    expect(moved.some((name) => /^x_\d_0_/.test(name))).toBe(true);
    optimizer.dispose();
    network.dispose();
  });

  it('weighs the terms of its loss as the network does', async () => {
    const lossOf = async (loss: LossOptions): Promise<number> => {
      const network = create('ae-unet');
      let first = 0;
      const onEpoch = (_: unknown, value: number): void => void (first = value);
      const once = { epochs: 1, batchSize: source.length, learningRate: 0.01, seed: 1, loss, onEpoch };
      await pretrainMaskPath(network, source, once);
      network.dispose();
      return first;
    };
    const [whole, dice, crossEntropy] = [
      await lossOf({}),
      await lossOf({ bceWeight: 0 }),
      await lossOf({ diceWeight: 0 }),
    ];
    expect(whole).toBeCloseTo(dice + crossEntropy, 5);
    expect(crossEntropy).toBeGreaterThan(0.1);
    expect(await lossOf({ bceWeight: 0.5, diceWeight: 2 })).toBeCloseTo(0.5 * crossEntropy + 2 * dice, 5);
    expect(Math.abs((await lossOf({ bceWeight: 0, diceOver: 'batch' })) - dice)).toBeGreaterThan(1e-4);
  });

  it('ends early when it is interrupted', async () => {
    const network = create('ae-unet');
    const signal = AbortSignal.abort();
    const options = { epochs: 5, batchSize: 3, learningRate: 0.01, seed: 1, loss: {}, signal };
    expect(await pretrainMaskPath(network, source, options)).toBe(false);
    network.dispose();
  });

  it('stops where a loss is no number, and names the cases', async () => {
    const network = create('ae-unet');
    tf.tidy(() => network.trainableVariables.forEach((variable) => variable.assign(tf.fill(variable.shape, NaN))));
    const options = { epochs: 5, batchSize: 3, learningRate: 0.01, seed: 1, loss: {} };
    await expect(pretrainMaskPath(network, source, options)).rejects.toThrow(
      /^The loss is NaN in epoch 1 of the mask path, step 1 \(cases phantom_00/,
    );
    network.dispose();
  });

  it('needs weights of its own', () => {
    const network = create('twi-unet');
    expect(() => trainedVariables(network, 'pretrained')).toThrow(
      "maskPath is 'pretrained', but twi-unet has no mask path",
    );
    expect(trainedVariables(network, 'joint')).toHaveLength(network.trainableVariables.length);
    network.dispose();
  });
});
