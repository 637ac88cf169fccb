import { createNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { Adam } from '../optimizer/adam.ts';
import { collapsedLevels, featuresCsv, measureFeatures } from './feature-activation.ts';
import { createStep, runStep } from './train-step.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const batch = {
  images: Float32Array.from({ length: 2 * 64 }, (_, i) => 0.5 + 0.5 * Math.sin(i)),
  masks: Float32Array.from({ length: 2 * 64 }, (_, i) => (i % 64 < 24 ? 1 : 0)),
  count: 2,
};
const create = (variant: string) =>
  createNetwork({ variant, inputShape: [8, 8, 1], classes: 1, filters: [2, 3, 4], normalization: 'none' });

describe('the guard against collapse', () => {
  it('measures every level of both sides, and nothing where nothing is matched', async () => {
    const [inter, plain] = [create('inter-unet'), create('unet')];
    const before = tf.memory().numTensors;
    const scales = await measureFeatures(inter, batch);
    expect(scales!.features).toHaveLength(3);
    const { features } = inter.forward({
      image: tf.tensor(batch.images, [2, 8, 8, 1]),
      mask: tf.tensor(batch.masks, [2, 8, 8, 1]),
    });
    const bottleneck = Array.from(features[0]!.dataSync());
    const mean = bottleneck.reduce((sum, value) => sum + Math.abs(value), 0) / bottleneck.length;
    expect(scales!.features[0]).toBeCloseTo(mean, 5);
    expect(await measureFeatures(plain, batch)).toBeUndefined();
    expect(tf.memory().numTensors).toBeGreaterThan(before); // the outputs of `forward` above, and nothing else:
    expect(tf.memory().numTensors - before).toBe(2 + 2 + 3 + 1 + 3);
  });

  it('sees features die when equation 3 rules', async () => {
    // Without normalisation and with a λ that drowns every other term, shrinking is the way to a small loss.
    const network = create('inter-unet');
    const optimizer = new Adam(network.trainableVariables);
    const step = createStep(network, optimizer, { lambda: 1e6 });
    const first = (await measureFeatures(network, batch))!;
    expect(collapsedLevels(first, first)).toEqual([]);
    const shapes = { image: [8, 8, 1], mask: [8, 8, 1] };
    for (let i = 0; i < 150; i++) await runStep(step, batch, shapes, Adam.step(0.02, i));
    const last = (await measureFeatures(network, batch))!;
    const collapsed = collapsedLevels(last, first);
    expect(collapsed.length).toBeGreaterThan(0);
    for (const level of collapsed) {
      const ratios = [last.features[level]! / first.features[level]!, last.targets[level]! / first.targets[level]!];
      expect(Math.min(...ratios)).toBeLessThan(0.01);
    }
  });

  it('takes features that are no numbers for collapsed', () => {
    const good = { features: [1, 1], targets: [1, 1] };
    expect(collapsedLevels({ features: [1, NaN], targets: [1, 1] }, good)).toEqual([1]);
    expect(collapsedLevels({ features: [1, 1], targets: [0.009, 1] }, good)).toEqual([0]);
  });

  it('writes features.csv', () => {
    const history = [{ epoch: 1, scales: { features: [0.5, 2], targets: [0.25, 1] } }, { epoch: 2 }];
    expect(featuresCsv(history)).toBe("epoch,y_0,y_1,y'_0,y'_1\n1,0.5,2,0.25,1\n");
  });
});
