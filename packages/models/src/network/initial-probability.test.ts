import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { createNetwork } from './network.ts';
import type { NetworkOptions } from './options.ts';

const options = { variant: 'sae-unet', inputShape: [8, 8, 1], filters: [2, 4], classes: 2 } as const;

/** The biases of all heads of a network, by the name of their layer. */
function biases(more: Partial<NetworkOptions> = {}): Record<string, readonly number[]> {
  const network = createNetwork({ ...options, ...more });
  const heads = network.train.layers.filter(({ name }) => name.endsWith('head'));
  const found = heads.map(({ name, weights }) => [name, [...weights[1]!.read().dataSync()]] as const);
  network.dispose();
  return Object.fromEntries(found);
}

it('is a bias of −log((1 − π) / π) for each class, as in RetinaNet; by default none', () => {
  expect(biases().head).toEqual([0, 0]);
  // log 99
  expect(biases({ initialProbability: 0.01 }).head).toEqual([expect.closeTo(-4.59512, 5), expect.closeTo(-4.59512, 5)]);
});

it('is that of every head: of the lower levels and of a mask path, too', () => {
  const all = biases({ variant: 'ae-unet', filters: [2, 4, 8], deepSupervision: true, initialProbability: 0.2 });
  expect(Object.keys(all).sort()).toEqual(['head', 'mask_head', 'y_1_head']);
  // log (0.2 / 0.8)
  for (const bias of Object.values(all)) {
    expect(bias).toEqual([expect.closeTo(-1.386294, 5), expect.closeTo(-1.386294, 5)]);
  }
});

it('is that of each class beside the background alone with a softmax', () => {
  const { head } = biases({ outputActivation: 'softmax', initialProbability: 0.1 });
  expect(head![0]).toBe(0);
  tf.tidy(() => {
    // 9 : 1 : 1
    const probabilities = [...tf.softmax(tf.tensor1d([...head!])).dataSync()];
    expect(probabilities).toEqual([9 / 11, 1 / 11, 1 / 11].map((value) => expect.closeTo(value, 6)));
  });
  expect(biases({ outputActivation: 'softmax', initialProbability: 0.5 }).head).toEqual([0, 0, 0]);
});

it('keeps no tensor of its own', () => {
  const before = tf.memory().numTensors;
  createNetwork(options).dispose();
  expect(tf.memory().numTensors).toBe(before);
});

it.each([0, 1, -0.1, NaN])('is refused where it is none: %s', (initialProbability) => {
  expect(() => createNetwork({ ...options, initialProbability })).toThrow(
    `initialProbability is ${initialProbability}, expected a number above 0 and below 1.`,
  );
});
