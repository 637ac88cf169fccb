import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSet } from '@interseg/data';
import { loadModel } from '@interseg/inference';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { smallConfiguration, smallPhantoms } from '../../test/small-run.ts';
import type { RunConfigurationInput } from '../configuration/run-configuration.ts';
import { createRunNetwork } from './create-run-network.ts';
import { runFolder, type RunFolder } from './run-folder.ts';
import { takeWeights } from './take-weights.ts';
import { resume, train } from './train.ts';

let dataset: DataSet;
let source: RunFolder;
const hooks = { engine: 'cpu', environment: {} };
const configurationOf = (changes: Partial<RunConfigurationInput> = {}) =>
  smallConfiguration(dataset.folder, { variant: 'twi-unet', epochs: 1, seed: 5, ...changes });

beforeAll(async () => {
  await tf.setBackend('cpu');
  dataset = await smallPhantoms();
  source = runFolder(join(await temporaryFolder(), 'run'));
  await train(configurationOf(), source.root, hooks);
});

describe('takeWeights', () => {
  it.each(['run', 'model'])('makes the network segment as the model does, given the folder of its %s', async (kind) => {
    const network = createRunNetwork(configurationOf({ seed: 6 }), dataset);
    const { model } = await loadModel(source.model);
    const tensors = tf.memory().numTensors;
    const taken = await takeWeights(network, kind === 'run' ? source.root : source.model);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(taken.kept).toEqual([]);
    const image = tf.randomUniform([1, 16, 16, 2], 0, 1, 'float32', 1);
    const [found, expected] = [network.deploy, model].map((one) => [...(one.predict(image) as tf.Tensor).dataSync()]);
    expect(found).toEqual(expected);
    network.dispose();
    model.dispose();
  });

  it('leaves a layer for other classes or channels as it was', async () => {
    const network = createRunNetwork(configurationOf({ classes: ['cyst'] }), {
      ...dataset,
      channels: ['T1'],
      classes: dataset.classes.slice(1),
    });
    const { taken, kept } = await takeWeights(network, source.root);
    expect(kept).toHaveLength(2);
    expect(taken.length).toBeGreaterThan(5);
    for (const name of kept) expect(taken).not.toContain(name);
    network.dispose();
  });

  it('refuses a model with nothing in common, and what is none', async () => {
    const network = createRunNetwork(configurationOf({ filters: [5, 6, 7] }), dataset);
    await expect(takeWeights(network, source.root)).rejects.toThrow(
      `${source.root}: found no layer with the name and shape of one of this twi-unet, expected`,
    );
    const folds = await temporaryFolder();
    for (const name of ['fold_1', 'fold_2']) await cp(source.root, join(folds, name), { recursive: true });
    await writeFile(join(folds, 'folds.json'), '{ "folds": 2 }');
    await expect(takeWeights(network, folds)).rejects.toThrow(`${folds}: found 2 models, expected one`);
    await expect(takeWeights(network, join(source.root, 'predictions'))).rejects.toThrow(/predictions\/model\.json/);
    network.dispose();
  });
});

it('a run starts from the weights of another, its average as well, and is resumed without it', async () => {
  const folder = runFolder(join(await temporaryFolder(), 'run'));
  const notes: string[] = [];
  // A learning rate next to 0 leaves the weights as they are.
  const still = { initialWeights: source.root, learningRate: 1e-12, averageWeights: 0.9, seed: 7 };
  await train(configurationOf(still), folder.root, { ...hooks, onNote: (note) => notes.push(note) });
  expect(notes).toContain(`${source.root}: training starts from its weights.`);
  const models = await Promise.all([source, folder].map(({ model }) => loadModel(model)));
  const [before, after] = models.map(({ model }) => model.getWeights().flatMap((one) => [...one.dataSync()]));
  for (const [index, value] of after!.entries()) expect(value).toBeCloseTo(before![index]!, 6);
  for (const { model } of models) model.dispose();

  await rm(source.root, { recursive: true });
  const { history } = await resume(folder.root, hooks, { epochs: 2 });
  expect(history).toHaveLength(2);
});
