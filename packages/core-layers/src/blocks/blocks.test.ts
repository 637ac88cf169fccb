import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Tensor } from '@tensorflow/tfjs-core';
import { input, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { JoinBatch, SplitBatch, normalizations } from '../index.ts';
import { ConvolutionBlock } from './convolution-block.ts';
import { layerSeed } from '../layer-seed.ts';
import { UpSamplingBlock } from './up-sampling-block.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('ConvolutionBlock', () => {
  it.each(normalizations)('has the weights of its convolutions and its normalisation: %s', (normalization) => {
    const image = input({ shape: [8, 8, 3] });
    const block = new ConvolutionBlock({ name: 'x_0_0', filters: 4, normalization, seed: 1 });
    const network = model({ inputs: image, outputs: block.apply(image) });
    const kernels = 9 * 3 * 4 + 9 * 4 * 4;
    const perConvolution = { none: 4, batch: 4 * 4, instance: 2 * 4, group: 2 * 4 }[normalization];
    expect(network.countParams()).toBe(kernels + 2 * perConvolution);
    expect(block.convolutions.map((layer) => layer.name)).toEqual(['x_0_0_convolution_1', 'x_0_0_convolution_2']);
  });

  it('shares its weights when it is applied twice', () => {
    const images = [input({ shape: [8, 8, 3] }), input({ shape: [8, 8, 3] })];
    const block = new ConvolutionBlock({ name: 'x_0_0', filters: 4, seed: 1 });
    const twice = model({ inputs: images, outputs: images.map((image) => block.apply(image)) });
    expect(twice.trainableWeights).toHaveLength(2 * 3);
  });

  it('starts with the same weights for the same seed and name, and with others for another', () => {
    const kernel = (name: string, seed: number): number[] => {
      const block = new ConvolutionBlock({ name, filters: 4, seed });
      block.apply(input({ shape: [8, 8, 3] }));
      return Array.from(block.convolutions[0]!.getWeights()[0]!.dataSync());
    };
    expect(kernel('x_0_0', 1)).toEqual(kernel('x_0_0', 1));
    expect(kernel('x_0_0', 1)).not.toEqual(kernel('x_0_0', 2));
    expect(kernel('x_0_0', 1)).not.toEqual(kernel('x_1_0', 1));
    expect(layerSeed(1, 'x_0_0')).toBeGreaterThanOrEqual(0);
  });
});

describe('UpSamplingBlock', () => {
  it.each([
    { kind: 'transpose' as const, channels: 4, parameters: 4 * 6 * 4 + 4 },
    { kind: 'bilinear' as const, channels: 6, parameters: 0 },
  ])('doubles height and width: $kind', ({ kind, channels, parameters }) => {
    const image = input({ shape: [8, 4, 6] });
    const network = model({
      inputs: image,
      outputs: new UpSamplingBlock({ name: 'x_0_1', kind, filters: 4, seed: 1 }).apply(image),
    });
    expect(network.outputs[0]!.shape).toEqual([null, 16, 8, channels]);
    expect(network.countParams()).toBe(parameters);
  });

  it('starts with a kernel that keeps the variance of its input', () => {
    const image = input({ shape: [4, 4, 64] });
    const network = model({
      inputs: image,
      outputs: new UpSamplingBlock({ name: 'u', filters: 32, seed: 1 }).apply(image),
    });
    const y = network.predict(tf.randomNormal([2, 4, 4, 64], 0, 1, 'float32', 1)) as Tensor;
    const variance = tf.moments(y).variance.dataSync()[0]!;
    expect(variance).toBeGreaterThan(0.8);
    expect(variance).toBeLessThan(1.2);
  });
});

describe('JoinBatch and SplitBatch', () => {
  it('undo each other', () => {
    const pair = [input({ shape: [2, 2, 1] }), input({ shape: [2, 2, 1] })];
    const joined = new JoinBatch({ name: 'join' }).apply(pair) as SymbolicTensor;
    const network = model({
      inputs: pair,
      outputs: new SplitBatch({ name: 'split' }).apply(joined) as SymbolicTensor[],
    });
    const [a, b] = [tf.randomNormal([3, 2, 2, 1]), tf.randomNormal([3, 2, 2, 1])];
    const [c, d] = network.apply([a, b]) as Tensor[];
    expect(c!.arraySync()).toEqual(a.arraySync());
    expect(d!.arraySync()).toEqual(b.arraySync());
  });
});
