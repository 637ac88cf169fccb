import { openSlices, type SliceSource } from '@interseg/data';
import { OptionError } from '@interseg/errors';
import type { BceDiceLossOptions } from '@interseg/losses';
import { createNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { smallPhantoms } from '../../test/small-run.ts';
import type { LossOptions } from './train-step.ts';
import { validate } from './validate.ts';

let source: SliceSource;

beforeAll(async () => {
  await tf.setBackend('cpu');
  source = await openSlices(await smallPhantoms(), ['phantom_001', 'phantom_002'], { size: [16, 16] });
});

/** A network whose classes have these logits everywhere. */
function constant(logits: [number, number]) {
  const network = createNetwork({ variant: 'unet', inputShape: [16, 16, 2], classes: 2, filters: [2, 3, 4] });
  const [kernel, bias] = [network.variables.get('head/kernel')!, network.variables.get('head/bias')!];
  tf.tidy(() => {
    kernel.assign(tf.zerosLike(kernel));
    bias.assign(tf.tensor1d(logits));
  });
  return network;
}

describe('validate', () => {
  it('measures the loss by slice and the Dice by case and class', async () => {
    const network = constant([-1, 3]);
    const tensors = tf.memory().numTensors;
    const result = await validate(network, source, 4);
    expect(tf.memory().numTensors).toBe(tensors);
    const scores: number[] = [];
    let [loss, slices] = [0, 0];
    const probability = [-1, 3].map((z) => 1 / (1 + Math.exp(-z)));
    for await (const { masks, slices: count } of source.cases()) {
      for (const channel of [0, 1]) {
        const p = probability[channel]!;
        const reference = masks!.filter((_, i) => i % 2 === channel);
        const size = reference.reduce((a, b) => a + b, 0);
        if (channel === 1) scores.push((2 * size) / (reference.length + size));
        else if (size > 0) scores.push(0);
        for (let slice = 0; slice < count; slice++) {
          const own = reference.slice(slice * 256, (slice + 1) * 256).reduce((a, b) => a + b, 0);
          loss += 1 - (2 * p * own + 1) / (256 * p + own + 1);
          loss -= (own * Math.log(p) + (256 - own) * Math.log(1 - p)) / 256;
        }
      }
      slices += count;
    }
    expect(result.loss).toBeCloseTo(loss / 2 / slices, 5);
    expect(result.dice).toBeCloseTo(scores.reduce((a, b) => a + b) / scores.length, 6);
    network.dispose();
  });

  // The logits −1 and 3 everywhere: each option's value for one slice and class of 16 × 16, by hand.
  const crossEntropy = (p: number, own: number): number => -(own * Math.log(p) + (256 - own) * Math.log(1 - p)) / 256;
  const dice = (p: number, own: number, smooth = 1, pixels = 256): number =>
    1 - (2 * p * own + smooth) / (pixels * p + own + smooth);
  const bySlice: [string, LossOptions, (p: number, own: number) => number][] = [
    ['the defaults', {}, (p, own) => crossEntropy(p, own) + dice(p, own)],
    ['bceWeight', { bceWeight: 0.25 }, (p, own) => 0.25 * crossEntropy(p, own) + dice(p, own)],
    ['diceWeight', { diceWeight: 3 }, (p, own) => crossEntropy(p, own) + 3 * dice(p, own)],
    ['smooth', { smooth: 20 }, (p, own) => crossEntropy(p, own) + dice(p, own, 20)],
    ['weights of terms, which do not count', { alpha: 0, beta: 9 }, (p, own) => crossEntropy(p, own) + dice(p, own)],
    [
      'a loss of its own, with its options',
      { bceWeight: 2, segmentationLoss: meanError },
      (p, own) => (2 * (own * (1 - p) + (256 - own) * p)) / 256,
    ],
  ];

  /** `bceWeight` times the mean of |m − p|. */
  function meanError(labels: tf.Tensor, predictions: tf.Tensor, { bceWeight, fromLogits }: BceDiceLossOptions) {
    const probabilities = fromLogits ? tf.sigmoid(predictions) : predictions;
    return tf.mul(tf.mean(tf.abs(tf.sub(labels, probabilities))), bceWeight!) as tf.Scalar;
  }

  /** Voxels of each class in each slice, case by case. */
  async function sizes(): Promise<number[][][]> {
    const found: number[][][] = [];
    for await (const { masks, slices } of source.cases()) {
      const own = (slice: number, channel: number): number =>
        masks!.subarray(512 * slice, 512 * (slice + 1)).reduce((sum, v, i) => sum + (i % 2 === channel ? v : 0), 0);
      found.push(Array.from({ length: slices }, (_, slice) => [own(slice, 0), own(slice, 1)]));
    }
    return found;
  }

  const probabilities = [-1, 3].map((z) => 1 / (1 + Math.exp(-z)));

  it.each(bySlice)('reports L_image as it is trained on: %s', async (_, options, expected) => {
    const network = constant([-1, 3]);
    const values = (await sizes()).flat(2).map((own, i) => expected(probabilities[i % 2]!, own));
    const mean = values.reduce((a, b) => a + b) / values.length;
    for (const batchSize of [4, 100]) {
      expect((await validate(network, source, batchSize, options)).loss).toBeCloseTo(mean, 5);
    }
    network.dispose();
  });

  it('sums the Dice over batches of a case, each counted by its slices, with diceOver batch', async () => {
    const network = constant([-1, 3]);
    let [sum, count] = [0, 0];
    for (const slices of await sizes()) {
      for (let from = 0; from < slices.length; from += 4) {
        const batch = slices.slice(from, from + 4);
        probabilities.forEach((p, channel) => {
          const own = batch.reduce((total, slice) => total + slice[channel]!, 0);
          sum += batch.length * dice(p, own, 1, 256 * batch.length);
        });
        count += 2 * batch.length;
      }
    }
    const { loss } = await validate(network, source, 4, { bceWeight: 0, diceOver: 'batch' });
    expect(loss).toBeCloseTo(sum / count, 5);
    expect(Math.abs(loss - (await validate(network, source, 4, { bceWeight: 0 })).loss)).toBeGreaterThan(1e-3);
    network.dispose();
  });

  it('covers slices that are larger than the network with tiles, and measures whole volumes', async () => {
    const network = constant([-1, 3]);
    const patches = await openSlices(await smallPhantoms(), ['phantom_001', 'phantom_002'], {
      size: [16, 16],
      spacing: 4,
      resizing: 'patch',
    });
    const tensors = tf.memory().numTensors;
    const { loss, dice: score } = await validate(network, patches, 4);
    expect(tf.memory().numTensors).toBe(tensors);
    const losses: number[] = [];
    const scores: number[] = [];
    for await (const { size, slices, masks } of patches.cases()) {
      expect(size[0] * size[1]).toBeGreaterThan(256);
      const pixels = size[0] * size[1];
      for (const channel of [0, 1]) {
        const p = probabilities[channel]!;
        let all = 0;
        for (let slice = 0; slice < slices; slice++) {
          const own = masks!
            .subarray(2 * pixels * slice, 2 * pixels * (slice + 1))
            .reduce((sum, v, i) => sum + (i % 2 === channel ? v : 0), 0);
          all += own;
          losses.push(-(own * Math.log(p) + (pixels - own) * Math.log(1 - p)) / pixels + dice(p, own, 1, pixels));
        }
        if (channel === 1) scores.push((2 * all) / (slices * pixels + all));
        else if (all > 0) scores.push(0);
      }
    }
    expect(loss).toBeCloseTo(losses.reduce((a, b) => a + b) / losses.length, 5);
    expect(score).toBeCloseTo(scores.reduce((a, b) => a + b) / scores.length, 6);
    network.dispose();
  });

  it('with a softmax, counts voxels of the most probable of background and classes, and the loss of training', async () => {
    const options = { variant: 'unet', inputShape: [16, 16, 2], classes: 2, filters: [2, 3, 4] } as const;
    const network = createNetwork({ ...options, outputActivation: 'softmax' });
    const [kernel, bias] = [network.variables.get('head/kernel')!, network.variables.get('head/bias')!];
    const shares = [0.3, 0.45, 0.25];
    tf.tidy(() => {
      kernel.assign(tf.zerosLike(kernel));
      bias.assign(tf.log(tf.tensor1d(shares)) as tf.Tensor1D);
    });
    const found = await validate(network, source, 4, { smooth: 2, bceWeight: 0.5 });
    const scores: number[] = [];
    for (const slices of await sizes()) {
      const own = [0, 1].map((k) => slices.reduce((sum, slice) => sum + slice[k]!, 0));
      // The first class is predicted everywhere, though it nowhere has 0.5.
      scores.push((2 * own[0]!) / (own[0]! + 256 * slices.length));
      if (own[1]! > 0) scores.push(0);
    }
    expect(found.dice).toBeCloseTo(scores.reduce((a, b) => a + b) / scores.length, 6);
    expect(found.missed).toEqual([{ channel: 1, highest: expect.closeTo(0.25, 5) }]);
    const losses = (await sizes()).flat().map((own) => {
      const counts = [256 - own[0]! - own[1]!, ...own];
      const entropy = -counts.reduce((sum, count, c) => sum + count * Math.log(shares[c]!), 0) / 256;
      return 0.5 * entropy + (dice(shares[1]!, own[0]!, 2) + dice(shares[2]!, own[1]!, 2)) / 2;
    });
    expect(found.loss).toBeCloseTo(losses.reduce((a, b) => a + b) / losses.length, 5);
    network.dispose();
  });

  it('refuses to validate on nothing', async () => {
    const network = constant([0, 0]);
    const none = { ...source, async *cases() {} };
    await expect(validate(network, none, 4)).rejects.toThrow(
      new OptionError('There are no validation slices, expected at least one.'),
    );
    network.dispose();
  });

  it('names the classes that never reach 0.5, and their highest probability', async () => {
    const network = constant([-1, 3]);
    const { missed } = await validate(network, source, 4);
    expect(missed).toEqual([{ channel: 0, highest: expect.closeTo(1 / (1 + Math.E), 5) }]);
    network.dispose();
    const both = constant([0.1, 3]);
    expect((await validate(both, source, 4)).missed).toEqual([]);
    both.dispose();
  });
});
