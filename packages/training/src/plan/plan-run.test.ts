import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bratsChannels, type DataSet, type Split } from '@interseg/data';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { smallPhantoms } from '../../test/small-run.ts';
import { runConfiguration, type RunConfigurationInput } from '../configuration/run-configuration.ts';
import { openSplit } from '../run/open-data.ts';
import { runFolder } from '../run/run-folder.ts';
import { readConfiguration, trainPlanned } from '../run/train.ts';
import { planRun } from './plan-run.ts';

let dataset: DataSet;
let split: Split;

beforeAll(async () => {
  await tf.setBackend('cpu');
  dataset = await smallPhantoms({ patients: 6 });
  split = await openSplit(runConfiguration.parse({ data: dataset.folder }), dataset);
  // Whoever reads a test case fails.
  for (const id of split.test) await writeFile(dataset.cases.find((one) => one.id === id)!.images[0]!, 'no image');
});

describe('a plan', () => {
  it('keeps what is given, by itself or by a preset, and gives a reason for all else', async () => {
    const { data, ...given } = { data: dataset.folder, preset: 'small-objects', batch: 3, size: 48 } as const;
    const { options, configuration, fingerprint } = await planRun({ data, ...given }, { dataset, split });
    expect(fingerprint).toMatchObject({ cases: 5, patients: 5, channels: ['T1', 'FLAIR'] });
    expect(configuration).toMatchObject({ batch: 3, size: [48, 48], variant: 'unetpp', augmentation: 'light' });
    const names = options.map(({ option }) => option);
    for (const name of ['data', 'preset', 'batch', 'size', 'variant', 'augmentation']) {
      expect(names).not.toContain(name);
    }
    expect(names).toEqual(expect.arrayContaining(['filters', 'backgroundSlices', 'intensity', 'epochs']));
    for (const { option, value, reason } of options) {
      expect(reason, option).toMatch(/^\S.*[^.]$/);
      expect(configuration[option]).toEqual(value);
    }
    // 48 pixels can be halved to 6 three times.
    expect(configuration.filters).toEqual([16, 32, 64, 128]);
  });

  it('has more epochs for more minutes, by steps that are timed', async () => {
    const tensors = tf.memory().numTensors;
    const given = { data: dataset.folder, filters: [2, 2], size: 16, batch: 2, context: 1 };
    const stages: string[] = [];
    const onStage = (message: string): void => void stages.push(message);
    const { configuration, options } = await planRun(given, { dataset, split }, { minutes: 2, onStage });
    expect(tf.memory().numTensors).toBe(tensors);
    expect(stages.at(-1)).toBe('timing a few steps for the plan');
    const [, perEpoch] = /at ([\d.e-]+) s per epoch/.exec(options.find(({ option }) => option === 'epochs')!.reason)!;
    // 2 minutes, of which a twentieth is left for reading and writing; the reason has three digits.
    const epochs = (0.95 * 120) / Number(perEpoch);
    expect(Math.abs(configuration.epochs - epochs)).toBeLessThan(1 + epochs / 100);
  });

  it('knows nested regions and several channels', async () => {
    const brats = await smallPhantoms({ layout: 'brats', classes: undefined, channels: undefined });
    const configuration = runConfiguration.parse({ data: brats.folder, preset: 'brats2019' });
    const parts = { dataset: brats, split: await openSplit(configuration, brats) };
    const plan = await planRun({ data: brats.folder, preset: 'brats2019', size: 16 }, parts);
    expect(plan.fingerprint).toMatchObject({ overlapping: true, channels: bratsChannels, modality: 'mr' });
    expect(plan.fingerprint.intensities).toHaveLength(4);
    const [whole, core, enhancing] = plan.fingerprint.classes.map(({ voxelShare }) => voxelShare);
    expect(whole).toBeGreaterThan(core!);
    expect(core).toBeGreaterThanOrEqual(enhancing!);
    // A preset is a choice like any other.
    expect(plan.options.map(({ option }) => option)).not.toContain('intensity');
    expect(plan.configuration).toMatchObject({ intensity: 'percentiles', outputActivation: 'sigmoid' });
  });

  it.each([{ memory: 0 }, { minutes: -1 }])('refuses %o', async (limits) => {
    await expect(planRun({ data: dataset.folder }, { dataset, split }, limits)).rejects.toThrow(
      /^The option (memory|minutes) is -?\d, expected a number above 0\.$/,
    );
  });
});

it('is made by a run that is not told its options, and recorded', async () => {
  const data = (await smallPhantoms()).folder;
  const folder = runFolder(join(await temporaryFolder(), 'run'));
  const given: RunConfigurationInput = { data, engine: 'cpu', size: 16, filters: [2, 3], epochs: 1 };
  await trainPlanned(given, folder.root, { engine: 'cpu' });
  const { options, fingerprint } = JSON.parse(await readFile(folder.plan, 'utf8'));
  expect(fingerprint).toMatchObject({ modality: 'mr', classes: [{ name: 'lesion' }, { name: 'cyst' }] });
  const planned = Object.fromEntries(
    options.map(({ option, value }: { option: string; value: unknown }) => [option, value]),
  );
  expect(planned).toMatchObject({ variant: 'unet', intensity: 'percentiles' });
  expect(await readConfiguration(folder)).toMatchObject({ ...planned, size: [16, 16], filters: [2, 3], epochs: 1 });
});
