import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { OptionError } from '@interseg/errors';
import { beforeAll, describe, expect, it } from 'vitest';
import { relativeDifference } from '../../test/finite-differences.ts';
import { createNormalization } from './create-normalization.ts';
import { GroupNormalization } from './group-normalization.ts';
import { InstanceNormalization } from './instance-normalization.ts';
import { JointBatchNormalization } from './joint-batch-normalization.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const call = (layer: layers.Layer, x: Tensor, training = false): Tensor => layer.apply(x, { training }) as Tensor;

describe('InstanceNormalization', () => {
  it('treats each sample on its own: the mean is 0 and the variance 1 per sample and channel', () => {
    const x = tf.add(tf.mul(tf.randomNormal([3, 5, 4, 2], 0, 1, 'float32', 1), 7), 3);
    const { mean, variance } = tf.moments(call(new InstanceNormalization(), x), [1, 2]);
    expect(Math.max(...mean.dataSync().map(Math.abs))).toBeLessThan(1e-5);
    expect(relativeDifference(variance.dataSync(), [1, 1, 1, 1, 1, 1])).toBeLessThan(1e-4);
  });

  it('says which shape it takes', () => {
    expect(() => call(new InstanceNormalization(), tf.zeros([2, 3]))).toThrow('expected [N, H, W, C]');
  });
});

describe('GroupNormalization', () => {
  it('is instance normalisation when every channel is its own group', () => {
    const x = tf.randomNormal([2, 4, 4, 6], 1, 2, 'float32', 5);
    const group = call(new GroupNormalization({ groups: 6 }), x);
    expect(relativeDifference(group.dataSync(), call(new InstanceNormalization(), x).dataSync())).toBeLessThan(1e-6);
  });

  it('normalises over positions and channels of a group', () => {
    const y = call(new GroupNormalization({ groups: 2 }), tf.randomNormal([2, 4, 4, 6], 1, 2, 'float32', 5));
    const { mean, variance } = tf.moments(tf.reshape(y, [2, 16, 2, 3]), [1, 3]);
    expect(Math.max(...mean.dataSync().map(Math.abs))).toBeLessThan(1e-5);
    expect(relativeDifference(variance.dataSync(), [1, 1, 1, 1])).toBeLessThan(1e-4);
  });

  it('refuses groups that do not divide the channels', () => {
    expect(() => call(new GroupNormalization({ groups: 4 }), tf.zeros([1, 2, 2, 6]))).toThrow('does not divide the 6');
    expect(() => new GroupNormalization({ groups: 0 })).toThrow('at least 1');
    expect(() => new GroupNormalization({ groups: 0 })).toThrow(OptionError);
  });
});

describe('JointBatchNormalization', () => {
  const images = (): Tensor => tf.randomNormal([2, 4, 4, 3], 1, 2, 'float32', 7);
  const masks = (): Tensor => tf.randomNormal([2, 4, 4, 3], -5, 9, 'float32', 8);

  it('standardises each branch as if it had come alone', () => {
    const joint = call(new JointBatchNormalization({ branches: 2 }), tf.concat([images(), masks()], 0), true);
    const alone = [images(), masks()].map((x) => call(new JointBatchNormalization(), x, true));
    expect(relativeDifference(joint.dataSync(), tf.concat(alone, 0).dataSync())).toBeLessThan(1e-6);
  });

  it('agrees with the batch normalisation of tfjs-layers, in training and in inference', () => {
    const ours = new JointBatchNormalization({ momentum: 0.8, epsilon: 1e-3 });
    const theirs = layers.batchNormalization({ momentum: 0.8, epsilon: 1e-3 });
    for (let step = 0; step < 3; step++) {
      const y = [ours, theirs].map((layer) => call(layer, images(), true).dataSync());
      expect(relativeDifference(y[0]!, y[1]!)).toBeLessThan(1e-5);
    }
    const inference = [ours, theirs].map((layer) => call(layer, masks()).dataSync());
    expect(relativeDifference(inference[0]!, inference[1]!)).toBeLessThan(1e-4);
  });

  it('remembers the statistics of the first branch only', () => {
    const joint = new JointBatchNormalization({ branches: 2 });
    const alone = new JointBatchNormalization();
    call(joint, tf.concat([images(), masks()], 0), true);
    call(alone, images(), true);
    expect(relativeDifference(call(joint, masks()).dataSync(), call(alone, masks()).dataSync())).toBeLessThan(1e-6);
  });

  it('takes images alone in training, and leaves the statistics as they are if told to', () => {
    const joint = new JointBatchNormalization({ branches: 2 });
    const alone = new JointBatchNormalization();
    const three = tf.randomNormal([3, 4, 4, 3], 1, 2, 'float32', 9);
    const fresh = call(joint, masks()).dataSync();
    const training = { training: true, branches: 1 };
    const kept = joint.apply(three, { ...training, keepStatistics: true }) as Tensor;
    expect(call(joint, masks()).dataSync()).toEqual(fresh);
    expect(relativeDifference(kept.dataSync(), call(alone, three, true).dataSync())).toBeLessThan(1e-6);
    joint.apply(three, training);
    expect(relativeDifference(call(joint, masks()).dataSync(), call(alone, masks()).dataSync())).toBeLessThan(1e-6);
    expect(call(joint, masks()).dataSync()).not.toEqual(fresh);
  });

  it('refuses a batch that does not split into its branches', () => {
    expect(() => call(new JointBatchNormalization({ branches: 2 }), tf.zeros([3, 2, 2, 1]), true)).toThrow(
      '2 branches',
    );
    expect(() => new JointBatchNormalization({ momentum: 1 })).toThrow('[0, 1)');
  });
});

describe('createNormalization', () => {
  it('gives the layer of each kind', () => {
    expect(createNormalization('none', 4)).toBeUndefined();
    expect(createNormalization('batch', 4)).toBeInstanceOf(JointBatchNormalization);
    expect(createNormalization('instance', 4)).toBeInstanceOf(InstanceNormalization);
    expect(createNormalization('group', 4)?.getConfig()['groups']).toBe(4);
    expect(createNormalization('group', 32)?.getConfig()['groups']).toBe(8);
  });
});
