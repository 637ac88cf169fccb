import { bceDiceLoss, crossEntropyDiceLoss } from '@interseg/losses';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchFor } from '../testing/batches.ts';
import { createNetwork } from './network.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const options = { inputShape: [8, 8, 1] as const, classes: 2, filters: [2, 3], outputActivation: 'softmax' } as const;
const value = (scalar: Tensor): number => scalar.dataSync()[0]!;

describe('with a softmax', () => {
  it('gives probabilities of the classes, the rest of which is the background', () => {
    const network = createNetwork({ ...options, variant: 'unet' });
    const { segmentation, logits } = network.forward(batchFor(network));
    const all = tf.softmax(logits);
    expect(all.shape).toEqual([2, 8, 8, 3]);
    const classes = tf.slice(all, [0, 0, 0, 1]);
    expect(value(tf.max(tf.abs(tf.sub(classes, segmentation))))).toBeLessThan(1e-6);
    network.dispose();
  });

  it('is validated by the loss that it is trained on', () => {
    const network = createNetwork({ ...options, variant: 'inter-unet' });
    const batch = batchFor(network);
    const given = { bceWeight: 0.5, smooth: 2, diceOver: 'batch', positiveWeight: 2 } as const;
    const { image } = network.loss(batch, given);
    const { logits, segmentation } = network.forward(batch);
    expect(value(image)).toBeCloseTo(
      value(crossEntropyDiceLoss(batch.mask, logits, { ...given, fromLogits: true })),
      6,
    );
    expect(value(network.imageLoss(batch.mask, segmentation, given))).toBeCloseTo(value(image), 5);
    network.dispose();
  });

  it('gives another loss the probabilities of the classes, with a gradient', () => {
    const network = createNetwork({ ...options, variant: 'inter-unet', normalization: 'none' });
    const batch = batchFor(network);
    const given = { segmentationLoss: bceDiceLoss, smooth: 2 };
    const { image, mask } = network.loss(batch, given);
    const { segmentation, maskLogits } = network.forward(batch);
    expect(value(image)).toBeCloseTo(value(bceDiceLoss(batch.mask, segmentation, { smooth: 2 })), 6);
    const ofMask = tf.slice(tf.softmax(maskLogits!), [0, 0, 0, 1]);
    expect(value(mask!)).toBeCloseTo(value(bceDiceLoss(batch.mask, ofMask, { smooth: 2 })), 6);
    expect(value(network.maskLoss(batch, given))).toBeCloseTo(value(mask!), 6);
    const bias = network.variables.get('head/bias')!;
    const slope = tf.variableGrads(() => network.loss(batch, given).total, [bias]).grads[bias.name]!.dataSync();
    const start = Array.from(bias.dataSync());
    slope.forEach((found, index) => {
      const moved = (by: number): number =>
        tf.tidy(() => {
          bias.assign(tf.tensor1d(start.map((one, i) => (i === index ? one + by : one))));
          return value(network.loss(batch, given).total);
        });
      expect((moved(0.01) - moved(-0.01)) / 0.02).toBeCloseTo(found, 2);
      expect(Math.abs(found)).toBeGreaterThan(0.05);
    });
    network.dispose();
  });
});
