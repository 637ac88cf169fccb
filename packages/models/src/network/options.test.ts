import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { OptionError } from '@interseg/errors';
import { beforeAll, describe, expect, it } from 'vitest';
import { TileMask } from '../mask-input/tile-mask.ts';
import { createNetwork } from './network.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('createNetwork refuses', () => {
  const valid = { variant: 'unet', inputShape: [32, 32, 1] as const, classes: 1 };
  it.each([
    [
      { inputShape: [40, 32, 1] as const },
      'inputShape: found 40×32, expected a height and width divisible by 16 with 5 levels of filters.',
    ],
    [
      { inputShape: [16, 16, 1] as const },
      'inputShape: found 16×16, expected more than 16×16, which leaves one position at the bottleneck',
    ],
    [{ inputShape: [32, 32, 0] as const }, 'inputShape: found 0 channels, expected'],
    [{ classes: 0 }, 'classes is 0'],
    [{ filters: [8] }, 'filters are [8], expected at least two'],
    [{ filters: [8, 1.5] }, 'filters are [8, 1.5]'],
    [{ filters: [8, 8], deepSupervision: true }, 'deepSupervision: found 2 levels of filters, expected at least 3'],
    [{ variant: 'vnet' }, "There is no variant 'vnet'"],
    [{ outputActivation: 'tanh' as 'softmax' }, "outputActivation is 'tanh', expected one of sigmoid, softmax."],
    [{ upSampling: 'cubic' as 'bilinear' }, "upSampling is 'cubic', expected one of transpose, bilinear."],
  ])('%o', (change, message) => {
    expect(() => createNetwork({ ...valid, ...change })).toThrow(message);
    expect(() => createNetwork({ ...valid, ...change })).toThrow(OptionError);
  });
});

describe('TileMask', () => {
  it('shows one class as it is, in every channel', () => {
    const mask = tf.tensor4d([0, 1], [1, 1, 2, 1]);
    expect(Array.from((new TileMask({ channels: 2 }).apply(mask) as tf.Tensor).dataSync())).toEqual([0, 0, 1, 1]);
  });

  it('shows several classes as grey levels, the highest where they overlap', () => {
    const mask = tf.tensor4d([0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 1], [1, 2, 2, 4]);
    const image = new TileMask({ channels: 1 }).apply(mask) as tf.Tensor;
    expect(Array.from(image.dataSync())).toEqual([0, 0.25, 0.5, 1]);
  });
});
