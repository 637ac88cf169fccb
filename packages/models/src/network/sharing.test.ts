import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchFor, difference } from '../testing/batches.ts';
import { createNetwork } from './network.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const options = { inputShape: [8, 16, 1] as const, classes: 1, filters: [2, 3, 4] };
const plainUnet = 2 * 9 + 9 * 4 + 9 * 6 + 9 * 9 + 9 * 12 + 9 * 16; // kernels of the encoder
const encoderNormalizations = 2 * 2 * (2 + 3 + 4);
const names = (variant: string): string[] =>
  createNetwork({ ...options, variant }).train.trainableWeights.map(({ originalName }) => originalName);

describe('weights are shared as the mechanisms say', () => {
  it('inter: none of its own', () => {
    expect(names('inter-unet').sort()).toEqual(names('unet').sort());
  });

  it('ae: the whole backbone and head again, none shared', () => {
    const own = names('ae-unet').filter((name) => name.startsWith('mask_'));
    expect(own.map((name) => name.slice('mask_'.length)).sort()).toEqual(names('unet').sort());
    expect(names('ae-unet')).toHaveLength(2 * names('unet').length);
  });

  it('sae: an encoder of its own, and the very decoder and head of the image', () => {
    const own = names('sae-unet').filter((name) => name.startsWith('mask_'));
    const encoder = names('unet').filter((name) => /^x_\d_0_/.test(name));
    expect(own.map((name) => name.slice('mask_'.length)).sort()).toEqual(encoder.sort());
    const parameters = createNetwork({ ...options, variant: 'sae-unet' }).train.countParams();
    const unet = createNetwork({ ...options, variant: 'unet' }).train.countParams();
    expect(parameters - unet).toBe(plainUnet + encoderNormalizations);
  });

  it.each(['unet', 'unetpp'])('tw-%s: a bias for each reconstructed channel and no kernel', (backbone) => {
    const own = names(`tw-${backbone}`).filter((name) => name.startsWith('reconstruction_'));
    expect(own.every((name) => name.endsWith('/beta') || name.endsWith('/bias'))).toBe(true);
    expect(own).toHaveLength(6);
    const [with_, without] = [`tw-${backbone}`, backbone].map((variant) =>
      createNetwork({ ...options, variant }).train.countParams(),
    );
    // From the bottleneck up: 4, 3, 3, 2, 2 channels, then the image's one.
    expect(with_! - without!).toBe(4 + 3 + 3 + 2 + 2 + 1);
  });
});

describe('one joined pass', () => {
  it.each(['none', 'batch', 'instance', 'group'] as const)(
    'sees image and mask as two passes would: %s',
    (normalization) => {
      const joint = createNetwork({ ...options, groups: 1, variant: 'inter-unet', normalization });
      const alone = createNetwork({ ...options, groups: 1, variant: 'unet', normalization });
      const { image, mask } = batchFor(joint);
      const both = joint.forward({ image, mask });
      const [first, second] = [image, mask].map((input) => alone.forward({ image: input, mask }));
      both.features.forEach((features, level) => {
        expect(difference(features, first!.features[level]!)).toBeLessThan(1e-5);
        expect(difference(both.targets![level]!, second!.features[level]!)).toBeLessThan(1e-5);
      });
      expect(difference(both.maskLogits!, second!.logits)).toBeLessThan(1e-5);
    },
  );
});

describe('the tied kernel', () => {
  it('receives the gradients of encoder and tied decoder: what finite differences give', () => {
    const network = createNetwork({ ...options, filters: [2, 2], variant: 'tw-unet', normalization: 'none', seed: 2 });
    const batch = batchFor(network);
    const kernel = network.variables.get('x_1_0_convolution_2/kernel')!;
    const start = kernel.clone();
    const loss = (): tf.Scalar => network.loss(batch, { beta: 1 }).total;
    const gradient = tf.variableGrads(loss, [kernel]).grads[kernel.name]!.dataSync();
    const values = Float32Array.from(start.dataSync());
    const step = 2e-3;
    const numeric = values.map((value, index) => {
      const evaluate = (moved: number): number =>
        tf.tidy(() => {
          const changed = Float32Array.from(values);
          changed[index] = moved;
          kernel.assign(tf.tensor(changed, kernel.shape as [number, number, number, number]));
          return loss().dataSync()[0]!;
        });
      return (evaluate(value + step) - evaluate(value - step)) / (2 * step);
    });
    kernel.assign(start as typeof kernel);
    const scale = Math.max(...gradient.map(Math.abs));
    expect(scale).toBeGreaterThan(0);
    expect(Math.max(...gradient.map((value, index) => Math.abs(value - numeric[index]!)))).toBeLessThan(0.03 * scale);
    // Without the reconstruction the kernel's gradient is another one: the tied decoder does contribute.
    const plain = tf.variableGrads(() => network.loss(batch, { beta: 0 }).total, [kernel]).grads[kernel.name]!;
    expect(difference(plain, tf.tensor(gradient, kernel.shape) as Tensor)).toBeGreaterThan(0.05 * scale);
  });
});
