import { openSlices, type SliceSource } from '@interseg/data';
import { createNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { smallPhantoms } from '../../test/small-run.ts';
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

  it('names the classes that come to 0.5 nowhere, and how near they come', async () => {
    const network = constant([-1, 3]);
    const { missed } = await validate(network, source, 4);
    expect(missed).toEqual([{ channel: 0, highest: expect.closeTo(1 / (1 + Math.E), 5) }]);
    network.dispose();
    const both = constant([0.1, 3]);
    expect((await validate(both, source, 4)).missed).toEqual([]);
    both.dispose();
  });
});
