import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchFor } from '../testing/batches.ts';
import { reconstructionByHand } from '../testing/loss-by-hand.ts';
import { createNetwork, type SegmentationNetwork } from './network.ts';
import type { NetworkOptions } from './options.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const create = (options: Partial<NetworkOptions>): SegmentationNetwork =>
  createNetwork({ variant: 'tw-unet', inputShape: [8, 16, 2], classes: 2, filters: [2, 3, 4], seed: 3, ...options });
const value = (scalar: Scalar): number => tf.tidy(() => scalar.dataSync()[0]!);

/** Probabilities that no network of these gives by chance. */
const teacherFor = (network: SegmentationNetwork): Tensor => {
  const [height, width] = network.options.inputShape;
  return tf.randomUniform([2, height, width, network.options.classes], 0, 1, 'float32', 5);
};

describe('the terms of images without masks', () => {
  it.each<Partial<NetworkOptions>>([
    { variant: 'tw-unet' },
    { variant: 'twi-unetpp' },
    { variant: 'twae-unet', normalization: 'batch' },
    { variant: 'twi-unet', normalization: 'batch', outputActivation: 'softmax' },
  ])('have the gradient of finite differences: %o', (options) => {
    const network = create(options);
    const { image } = batchFor(network);
    const teacher = teacherFor(network);
    const total = (): Scalar =>
      tf.tidy(() => {
        const terms = network.imageTerms({ image, teacher });
        return tf.add(tf.mul(0.7, terms.reconstruction!), tf.mul(3, terms.consistency!));
      });
    const variables = network.trainableVariables;
    const { grads } = tf.variableGrads(total, variables);
    const touched = variables.filter(({ name }) => grads[name]);
    const starts = touched.map((variable) => tf.mul(variable, 1));
    // The loss has kinks everywhere (ReLU, pooling): a short step meets few of them, and eight directions drown them out.
    const step = 1e-4;
    const pairs = Array.from({ length: 8 }, (_, pair) => {
      const direction = touched.map(({ shape }, i) => tf.randomNormal(shape, 0, 1, 'float32', 100 * pair + i));
      const slopes = touched.map(({ name }, i) => tf.sum(tf.mul(grads[name]!, direction[i]!)).dataSync()[0]!);
      const at = (far: number): number => {
        touched.forEach((variable, i) => variable.assign(tf.add(starts[i]!, tf.mul(direction[i]!, far))));
        return value(total());
      };
      return { expected: slopes.reduce((a, b) => a + b), found: (at(step) - at(-step)) / (2 * step) };
    });
    const length = (values: number[]): number => Math.hypot(...values);
    const error = length(pairs.map(({ expected, found }) => found - expected));
    expect(error).toBeLessThan(0.05 * length(pairs.map(({ expected }) => expected)));
    // Encoder, decoder and tied decoder learn; a path of the mask's own does not.
    for (const part of [/x_0_0_convolution_1/, /x_0_2_convolution_1/, /reconstruction_x_0_0/]) {
      expect(touched.some(({ name }) => part.test(name))).toBe(true);
    }
    expect(touched.filter(({ name }) => name.startsWith('mask_'))).toEqual([]);
    network.dispose();
  });

  it('have the reconstruction that equation 5 says, with each channel of each image scaled to [0, 1]', () => {
    const network = create({});
    const { image, mask } = batchFor(network);
    const logits = network.forward({ image, mask }).reconstruction!;
    const { reconstruction, consistency } = network.imageTerms({ image });
    expect(value(reconstruction!)).toBeCloseTo(reconstructionByHand(image, logits), 4);
    expect(consistency).toBeUndefined();
    network.dispose();
  });

  it('leave out what is not wanted, and are refused where nothing is left', () => {
    const [tied, plain] = [create({}), create({ variant: 'unet' })];
    const { image } = batchFor(tied);
    const teacher = teacherFor(tied);
    expect(Object.keys(tied.imageTerms({ image, teacher, reconstruct: false }))).toEqual(['consistency']);
    expect(Object.keys(plain.imageTerms({ image, teacher }))).toEqual(['consistency']);
    expect(() => plain.imageTerms({ image })).toThrow('unet learns nothing from images alone, expected a teacher');
    expect(() => plain.imageTerms({ image, reconstruct: true })).toThrow(
      'unet reconstructs nothing, expected a variant that does, such as tw-unet.',
    );
    for (const network of [tied, plain]) network.dispose();
  });

  it('update the moving statistics of batch normalisation only if asked to, and leave no tensor behind', () => {
    const network = create({ variant: 'twi-unet', normalization: 'batch' });
    const { image } = batchFor(network);
    const statistics = (): number[][] =>
      [...network.variables].flatMap(([name, one]) => (name.includes('moving') ? [Array.from(one.dataSync())] : []));
    const before = statistics();
    const teacher = teacherFor(network);
    tf.dispose(network.imageTerms({ image, teacher }));
    expect(statistics()).toEqual(before);
    const tensors = tf.memory().numTensors;
    tf.dispose(network.imageTerms({ image, teacher }, { updateStatistics: true }));
    expect(tf.memory().numTensors).toBe(tensors);
    expect(statistics()).not.toEqual(before);
    const own = [...network.variables.values()];
    network.dispose();
    expect(own.every(({ isDisposed }) => isDisposed)).toBe(true);
  });
});
