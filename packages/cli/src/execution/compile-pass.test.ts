import { PassThrough } from 'node:stream';
import { compileNetwork, inferInParts, type SliceNetwork } from '@interseg/inference';
import { createNetwork, normalizations } from '@interseg/models';
import { engines, useEngine } from '@interseg/runtime';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { passCompiler } from './compile-pass.ts';

const native = (await engines()).find(({ name }) => name === 'native');
const context = { stdout: new PassThrough(), stderr: new PassThrough(), commandLine: [], status: 0 };
const size = [32, 24] as const;

/** A trained network has no biases of 0 and no scales of 1, which a graph could leave out. */
function networkOf(variant: string, normalization: (typeof normalizations)[number]) {
  const inputShape: [number, number, number] = [...size, 2];
  const { deploy } = createNetwork({ variant, normalization, inputShape, classes: 2, filters: [4, 8, 16] });
  const trained = deploy.getWeights().map((weights, seed) => {
    if (weights.rank > 1) return weights;
    return tf.randomUniform(weights.shape, 0.2, 1.2, 'float32', seed);
  });
  tf.tidy(() => deploy.setWeights(trained));
  return deploy;
}

/** As many slices as asked for, each another one. */
async function probabilitiesOf(network: Parameters<typeof inferInParts>[0], slices: number, batchSize: number) {
  const images = Float32Array.from({ length: slices * size[0] * size[1] * 2 }, (_, i) => Math.sin(i * 0.37) * 2);
  const stack = { slices, size, channels: 2, images };
  const found: number[] = [];
  const options = { batchSize, flips: false, overlap: 0 };
  for await (const part of inferInParts(network, stack, size, 2, options)) found.push(...part.probabilities);
  return found;
}

/** The largest difference between probabilities. */
const difference = (a: number[], b: number[]): number =>
  a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), a.length === b.length ? 0 : Infinity);

describe.skipIf(native?.available !== true)('passes on native (needs an installed native engine)', () => {
  beforeAll(async () => {
    await useEngine('native');
  });

  const savedModels = (): number =>
    (tf.backend() as unknown as { getNumOfSavedModels(): number }).getNumOfSavedModels();

  // Every variant is deployed as its backbone.
  test.each(['unet', 'unetpp'].flatMap((variant) => normalizations.map((one) => [variant, one] as const)))(
    'of %s with normalisation %s are replayed with the probabilities of the network itself',
    async (variant, normalization) => {
      const model = networkOf(variant, normalization);
      const network = compileNetwork(model, passCompiler(context));
      const before = savedModels();
      // Passes of 4, 4, 4, 4 and 2 slices.
      const expected = await probabilitiesOf(model, 18, 4);
      expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(0.1);
      for (let volume = 0; volume < 3; volume++) {
        expect(difference(await probabilitiesOf(network, 18, 4), expected)).toBeLessThan(5e-6);
      }
      expect(savedModels() - before).toBe(2);
      network.dispose();
      expect(savedModels()).toBe(before);
      expect(context.stderr.read()).toBeNull();
    },
  );

  test('see weights that are set between two volumes', async () => {
    const model = networkOf('unet', 'instance');
    const network = compileNetwork(model, passCompiler(context));
    await probabilitiesOf(network, 4, 1);
    const old = await probabilitiesOf(network, 1, 1);
    tf.tidy(() => model.setWeights(model.getWeights().map((one) => tf.mul(one, 1.5))));
    const expected = await probabilitiesOf(model, 1, 1);
    expect(difference(expected, old)).toBeGreaterThan(1e-3);
    for (let k = 0; k < 4; k++) expect(difference(await probabilitiesOf(network, 1, 1), expected)).toBeLessThan(5e-6);
    network.dispose();
  });

  test('of ever other shapes keep two graphs, and no tensor', async () => {
    const model = networkOf('unet', 'instance');
    const network: SliceNetwork = compileNetwork(model, passCompiler(context));
    const ofTensorFlow = (): number => (tf.backend() as unknown as { getNumOfTFTensors(): number }).getNumOfTFTensors();
    const use = async () => {
      for (const batch of [1, 2, 3, 4]) await probabilitiesOf(network, 3 * batch, batch);
      return [tf.memory().numTensors, ofTensorFlow(), savedModels()];
    };
    const first = await use();
    for (let k = 0; k < 3; k++) expect(await use()).toEqual(first);
    network.dispose();
  });
});
