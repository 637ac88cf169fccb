import '@tensorflow/tfjs-backend-cpu';
import type { CaseVolume } from '@interseg/data';
import { predictVolume, predictWithEnsemble, type PredictOptions } from '@interseg/inference';
import { createNetwork, type NetworkOptions } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import * as ort from 'onnxruntime-web';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { artifactsOf, scrambleWeights } from '../../test/agreement.ts';
import { onnxLayouts, openOnnx, toOnnx, type OnnxNetwork } from '../browser.ts';

const shape = [21, 26, 3] as const;
const affine = [0, 1, 2, 3].map((row) => [0, 1, 2, 3].map((column) => (row === column ? 1 : 0)));
const channels = [3, 5].map((step) =>
  Float32Array.from({ length: 21 * 26 * 3 }, (_, i) => Math.sin(i / step) + ((i * 37) % 101) / 50),
);
const spacing = [1, 1, 1] as const;
const source = { shape, spacing, affine };
const volume = { id: 'a', shape, spacing, affine, modality: 'mr', channels, source } as unknown as CaseVolume;
const classes = [
  { name: 'one', values: [1] },
  { name: 'two', values: [2] },
];
const slices = { size: [16, 16], normalization: { kind: 'zscore' }, context: 1 } as const;

const network = (options: Partial<NetworkOptions>) => {
  const made = createNetwork({ variant: 'unet', ...options, inputShape: [16, 16, 6], classes: 2, filters: [4, 6] });
  scrambleWeights(made.deploy);
  return made;
};
const networks = [
  network({ outputActivation: 'sigmoid' }),
  network({ outputActivation: 'softmax', normalization: 'none' }),
];
const files = await Promise.all(
  networks.map(({ deploy }, i) => artifactsOf(deploy).then((one) => toOnnx(one, { layout: onnxLayouts[i] }))),
);
const opened: OnnxNetwork[] = [];

beforeAll(async () => {
  await tf.setBackend('cpu');
  for (const file of files) opened.push(await openOnnx(file, ort, { channels: 6, classes: 2, size: [16, 16] }));
});
afterAll(() => {
  networks.forEach((one) => one.dispose());
  opened.forEach((one) => one.dispose());
});

it.each<[string, number, Partial<PredictOptions>]>([
  ['slices that are shrunk', 0, {}],
  ['tiles', 0, { tileOverlap: 0.5, batchSize: 3 }],
  ['mirror images', 0, { flips: true }],
  ['a softmax, with tiles and mirror images', 1, { outputActivation: 'softmax', tileOverlap: 0.25, flips: true }],
])('a volume gets the mask that TensorFlow.js gives it: %s', async (_, index, changes) => {
  const options = { classes, slices, ...changes };
  const expected = await predictVolume(networks[index]!.deploy, volume, options);
  const found = await predictVolume(opened[index]!, volume, options);
  expect(new Set(expected.labels).size).toBeGreaterThan(1);
  expect(found.labels).toEqual(expected.labels);
  found.probabilities.forEach((one, k) => {
    const differences = one.map((value, voxel) => Math.abs(value - expected.probabilities[k]![voxel]!));
    expect(Math.max(...differences)).toBeLessThan(1e-5);
  });
});

it('segments together with a model of TensorFlow.js', async () => {
  const members = (models: readonly [Member, Member]) => models.map((model) => ({ model, slices }));
  type Member = Parameters<typeof predictVolume>[0];
  const [first, second] = networks.map(({ deploy }) => deploy);
  const expected = await predictWithEnsemble(members([first!, second!]), volume, { classes });
  const found = await predictWithEnsemble(members([first!, opened[1]!]), volume, { classes });
  expect(found.labels).toEqual(expected.labels);
});
