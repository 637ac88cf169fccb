import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCase } from '@interseg/data';
import { loadModel, predictVolume } from '@interseg/inference';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { smallConfiguration, smallPhantoms } from '../../test/small-run.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { exportModel } from './export-model.ts';
import { runFolder } from './run-folder.ts';
import { resume, train } from './train.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

it('chooses post-processing on the validation cases, stores it with the model, and is right about what it brings', async () => {
  const phantoms = await smallPhantoms({ patients: 9, classes: ['lesion'], channels: ['T1'] });
  const folder = runFolder(join(await temporaryFolder(), 'run'));
  const stages: string[] = [];
  const hooks = { engine: 'cpu', environment: {}, onStage: (message: string) => stages.push(message) };
  const configuration = smallConfiguration(phantoms.folder, {
    ...{ fractions: [0.4, 0.5, 0.1], postProcessing: 'validation', variant: 'unet', epochs: 6, learningRate: 0.03 },
  });
  const tensors = tf.memory().numTensors;
  const { postProcessing: choice, metrics } = await train(configuration, folder.root, hooks);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(JSON.parse(await readFile(folder.postProcessing, 'utf8'))).toEqual(choice);
  expect(stages.some((message) => message.startsWith('Post-processing, chosen on 4 validation cases: '))).toBe(true);
  const [{ chosen, plain, score }] = choice!.classes as [NonNullable<typeof choice>['classes'][number]];

  const { model, description } = await loadModel(folder.model);
  // So that there is something to be right about.
  expect(description.postProcessing).toEqual([chosen]);
  expect(score.dice).toBeGreaterThan(plain.dice);
  expect(score.falseObjects).toBeLessThanOrEqual(plain.falseObjects);
  const { validation, test } = JSON.parse(await readFile(folder.split, 'utf8')) as Record<string, string[]>;
  const results = async (ids: string[], settings: typeof description) => {
    const all = [];
    for (const id of ids) {
      const volume = await readCase(
        phantoms,
        phantoms.cases.find((one) => one.id === id)!,
      );
      const { labels: data } = await predictVolume(model, volume, settings);
      const { shape, spacing, labels } = volume;
      all.push(evaluate({ data, shape, spacing }, { data: labels!, shape, spacing }, description.classes)[0]!);
    }
    return {
      dice: all.reduce((sum, { metrics: { dice } }) => sum + dice, 0) / all.length,
      falseObjects: all.reduce((sum, { objects }) => sum + objects.falsePositives.length, 0),
      missedObjects: all.reduce((sum, { objects }) => sum + objects.missed, 0),
    };
  };
  const { postProcessing: _chosen, ...without } = description;
  expect(await results(validation!, without)).toEqual({ ...plain, dice: expect.closeTo(plain.dice, 10) });
  expect(await results(validation!, description)).toEqual({ ...score, dice: expect.closeTo(score.dice, 10) });
  expect((await results(test!, description)).dice).toBeCloseTo(metrics!.mean.dice!, 10);
  model.dispose();

  // A model that is exported has it, if it is that of the best epoch.
  await exportModel(folder.root, join(folder.root, 'again'));
  expect((await loadModel(join(folder.root, 'again'))).description.postProcessing).toEqual([chosen]);
  await exportModel(folder.root, join(folder.root, 'last'), { checkpoint: 'last' });
  expect((await loadModel(join(folder.root, 'last'))).description.postProcessing).toBeUndefined();

  // A run that is told otherwise when it is resumed has none.
  const resumed = await resume(folder.root, hooks, { postProcessing: 'none' });
  expect(resumed.postProcessing).toBeUndefined();
  expect(existsSync(folder.postProcessing)).toBe(false);
  expect((await loadModel(folder.model)).description.postProcessing).toBeUndefined();
});
