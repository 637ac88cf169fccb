import { existsSync } from 'node:fs';
import { copyFile, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantoms, readCase, type DataSet } from '@interseg/data';
import { createNetwork } from '@interseg/models';
import { readNifti } from '@interseg/nifti';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { smallConfiguration, smallPhantoms } from '../../test/small-run.ts';
import { loadModel, predictVolume } from '@interseg/inference';
import type { CheckpointFile } from '../checkpoint/checkpoint-file.ts';
import { readCheckpoint } from '../checkpoint/checkpoint.ts';
import { historyCsv, parseHistoryCsv } from '../loop/history.ts';
import { createOptimizer } from '../optimizer/create-optimizer.ts';
import { runFolder, type RunFolder } from './run-folder.ts';
import { readConfiguration, resume, train } from './train.ts';

let phantoms: DataSet;

beforeAll(async () => {
  await tf.setBackend('cpu');
  phantoms = await smallPhantoms();
});

const hooks = { engine: 'cpu', environment: { node: process.version } };
const text = (path: string): Promise<string> => readFile(path, 'utf8');
const withoutSeconds = (csv: string): object[] => parseHistoryCsv(csv).map((record) => ({ ...record, seconds: 0 }));

describe('a run', () => {
  it('leaves the promised folder, with a model that segments whole volumes on their own grid', async () => {
    const folder = runFolder(join(await temporaryFolder(), 'run'));
    const tensors = tf.memory().numTensors;
    const result = await train(smallConfiguration(phantoms.folder), folder.root, hooks);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(result.stopped).toBe('epochs');
    expect((await readdir(folder.root)).sort()).toEqual(
      [
        'checkpoint',
        'config.json',
        'environment.json',
        'features.csv',
        'history.csv',
        'log.txt',
        'metrics.json',
        'model',
        'predictions',
        'split.json',
        'tensorboard',
      ].sort(),
    );
    expect(historyCsv(parseHistoryCsv(await text(folder.history)))).toBe(historyCsv(result.history));
    const log = (await text(folder.log)).trimEnd().split('\n');
    for (const line of log) expect(line).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z {2}\S/);
    expect(
      log.filter((line) => /epoch \d, step \d+: learning rate .* image .* mask .*reconstruction/.test(line)),
    ).toHaveLength(3);
    expect(log.at(-1)).toMatch(/ended: epochs$/);
    expect((await text(folder.features)).split('\n')[0]).toBe("epoch,y_0,y_1,y_2,y'_0,y'_1,y'_2");
    expect((await readConfiguration(folder)).variant).toBe('twi-unet');

    const { test } = JSON.parse(await text(folder.split)) as { test: string[] };
    expect(test).toHaveLength(1);
    const metrics = JSON.parse(await text(folder.metrics));
    expect(metrics).toEqual(result.metrics);
    expect(Object.keys(metrics.cases[0].classes)).toEqual(['lesion', 'cyst']);
    expect(Object.keys(metrics.cases[0].classes.cyst)).toEqual([
      'dice',
      'jaccard',
      'sensitivity',
      'precision',
      'hd95',
      'assd',
    ]);

    const image = phantoms.cases.find(({ id }) => id === test[0])!;
    const volume = await readCase(phantoms, image);
    const { model, description } = await loadModel(folder.model);
    const { labels, probabilities } = await predictVolume(model, volume, description);
    const written = await readNifti(join(folder.predictions, `${test[0]}.nii.gz`));
    expect(written.shape).toEqual([16, 14, 6]);
    expect(written.affine).toEqual(volume.affine);
    expect(Array.from(written.data)).toEqual(Array.from(labels));
    expect(probabilities.map(({ length }) => length)).toEqual([16 * 14 * 6, 16 * 14 * 6]);
    model.dispose();
  });

  it.each([
    // With augmentation: what is drawn for a slice must not depend on where the run was broken off.
    { augmentation: 'full' },
    { variant: 'sae-unetpp', deepSupervision: true },
    { variant: 'twi-unet', outputActivation: 'softmax' },
  ] as const)('goes on from an interruption with the history of an uninterrupted run: %o', async (changes) => {
    const [whole, broken] = [
      runFolder(join(await temporaryFolder(), 'a')),
      runFolder(join(await temporaryFolder(), 'b')),
    ];
    const configuration = smallConfiguration(phantoms.folder, changes);
    await train(configuration, whole.root, hooks);
    const controller = new AbortController();
    let steps = 0;
    const onStep = (): void => void (++steps === 5 && controller.abort());
    const first = await train(configuration, broken.root, { ...hooks, signal: controller.signal, onStep });
    expect(first.stopped).toBe('interrupted');
    expect(await readdir(broken.root)).not.toContain('model');
    await resume(broken.root, hooks);
    expect(withoutSeconds(await text(broken.history))).toEqual(withoutSeconds(await text(whole.history)));
    expect(await text(broken.metrics)).toBe(await text(whole.metrics));
  });

  it('goes on from within an epoch after it was killed there, to the same history', async () => {
    const [whole, killed] = [
      runFolder(join(await temporaryFolder(), 'a')),
      runFolder(join(await temporaryFolder(), 'b')),
    ];
    const changes = {
      batch: 1,
      epochs: 2,
      augmentation: 'full',
      averageWeights: 0.9,
      checkpointMinutes: 1e-9,
    } as const;
    const configuration = smallConfiguration(phantoms.folder, changes);
    await train({ ...configuration, checkpointMinutes: 0 }, whole.root, hooks);
    const killAt = 3;
    const onStep = ({ epoch, stepInEpoch }: { epoch: number; stepInEpoch: number }): void => {
      if (epoch === 2 && stepInEpoch === killAt) throw new Error('Killed.');
    };
    await expect(train(configuration, killed.root, { ...hooks, onStep })).rejects.toThrow('Killed.');
    const { state } = JSON.parse(await text(join(killed.last, 'checkpoint.json'))) as CheckpointFile;
    expect([state.epoch, state.stepInEpoch]).toEqual([2, killAt - 1]);
    let first: object | undefined;
    await resume(killed.root, { ...hooks, onStep: (step) => void (first ??= step) });
    expect(first).toMatchObject({ epoch: 2, stepInEpoch: killAt });
    expect(withoutSeconds(await text(killed.history))).toEqual(withoutSeconds(await text(whole.history)));
    expect(await text(killed.metrics)).toBe(await text(whole.metrics));
  });

  it.each([
    { optimizer: 'sgd', schedule: 'polynomial', warmUpEpochs: 0.5, averageWeights: 0.9 },
    { optimizer: 'adamw', schedule: 'cosine', averageWeights: 0.9, normalization: 'batch' },
    { variant: 'ae-unet', maskPath: 'pretrained', pretrainEpochs: 1, averageWeights: 0.5 },
  ] as const)(
    'has the weights, averages and model of an uninterrupted run after an interruption: %o',
    async (changes) => {
      const [whole, broken] = [
        runFolder(join(await temporaryFolder(), 'a')),
        runFolder(join(await temporaryFolder(), 'b')),
      ];
      const configuration = smallConfiguration(phantoms.folder, { variant: 'unet', epochs: 2, ...changes });
      await train(configuration, whole.root, hooks);
      const controller = new AbortController();
      let steps = 0;
      const onStep = (): void => void (++steps === 3 && controller.abort());
      expect((await train(configuration, broken.root, { ...hooks, signal: controller.signal, onStep })).stopped).toBe(
        'interrupted',
      );
      await resume(broken.root, hooks);
      expect(withoutSeconds(await text(broken.history))).toEqual(withoutSeconds(await text(whole.history)));
      expect(await text(broken.metrics)).toBe(await text(whole.metrics));
      const written = async ({ last, model }: RunFolder) => ({
        ...(JSON.parse(await text(join(last, 'checkpoint.json'))) as CheckpointFile).weights,
        model: await readFile(join(model, 'weights.bin')),
      });
      const [one, other] = [await written(whole), await written(broken)];
      expect(one.tensors.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^average\//));
      expect(other).toEqual(one);
    },
  );

  it('exports and evaluates the averaged weights', async () => {
    const folder = runFolder(join(await temporaryFolder(), 'run'));
    const changes = { variant: 'unet', epochs: 1, averageWeights: 0.99 } as const;
    await train(smallConfiguration(phantoms.folder, changes), folder.root, hooks);
    const network = createNetwork({ variant: 'unet', inputShape: [16, 16, 2], classes: 2, filters: [2, 3, 4] });
    const optimizer = createOptimizer(network, { averageWeights: 0.99 });
    await readCheckpoint(folder.best, network, optimizer);
    const { model } = await loadModel(folder.model);
    const exported = model.getWeights().map((weight) => Array.from(weight.dataSync()));
    const own = network.deploy.getWeights().map((weight) => Array.from(weight.dataSync()));
    optimizer.average!.apply();
    expect(exported).toEqual(network.deploy.getWeights().map((weight) => Array.from(weight.dataSync())));
    expect(exported).not.toEqual(own);
    for (const each of [model, optimizer, network]) each.dispose();
  });

  it('goes on from the checkpoint before a damaged one with the same history, and says so', async () => {
    const [whole, broken] = [
      runFolder(join(await temporaryFolder(), 'a')),
      runFolder(join(await temporaryFolder(), 'b')),
    ];
    const configuration = smallConfiguration(phantoms.folder, { variant: 'unet', engine: 'cpu' });
    await train(configuration, whole.root, hooks);
    await train({ ...configuration, epochs: 2 }, broken.root, hooks);
    await truncate(join(broken.last, 'checkpoint.json'), 1000);
    const notes: string[] = [];
    const onNote = (message: string): void => void notes.push(message);
    await resume(broken.root, { ...hooks, onNote }, { epochs: 3 });
    expect(notes).toEqual([expect.stringContaining('going on from the one before it, epoch 2, step')]);
    expect(withoutSeconds(await text(broken.history))).toEqual(withoutSeconds(await text(whole.history)));
    expect(await text(broken.metrics)).toBe(await text(whole.metrics));
  });

  it('takes the best epoch before a damaged one, and says so; without one it names the damage', async () => {
    const folder = runFolder(join(await temporaryFolder(), 'run'));
    const { bestEpoch } = await train(
      smallConfiguration(phantoms.folder, { epochs: 1, variant: 'unet' }),
      folder.root,
      hooks,
    );
    expect(bestEpoch).toBe(1);
    const [current, previous] = [join(folder.best, 'checkpoint.json'), join(folder.best, 'previous.json')];
    const [metrics, weights] = [await text(folder.metrics), await readFile(join(folder.model, 'weights.bin'))];
    await copyFile(current, previous);
    for (const path of [folder.metrics, folder.model]) await rm(path, { recursive: true });
    await truncate(current, 300);
    const notes: string[] = [];
    const onNote = (message: string): void => void notes.push(message);
    expect(await resume(folder.root, { ...hooks, onNote })).toMatchObject({ bestEpoch: 1 });
    expect(notes).toEqual([
      expect.stringMatching(/^damaged checkpoint \(.*best.checkpoint\.json.*going on from the one before/),
    ]);
    expect(await text(folder.metrics)).toBe(metrics);
    expect(await readFile(join(folder.model, 'weights.bin'))).toEqual(weights);
    await rm(previous);
    await truncate(current, 300);
    await expect(resume(folder.root, hooks)).rejects.toThrow(`${current}: broken JSON`);
    await rm(current);
    await expect(resume(folder.root, hooks)).rejects.toThrow(
      `${folder.best}: found no checkpoint, expected that of the best`,
    );
  });

  it('goes on within the training of the mask path beforehand', async () => {
    const [whole, broken] = [
      runFolder(join(await temporaryFolder(), 'a')),
      runFolder(join(await temporaryFolder(), 'b')),
    ];
    const changes = { variant: 'ae-unet', maskPath: 'pretrained', pretrainEpochs: 3, epochs: 1 } as const;
    const configuration = smallConfiguration(phantoms.folder, changes);
    await train(configuration, whole.root, hooks);
    // Aborted when the first checkpoint of the mask path is there, which is after its first epoch.
    const signal = { aborted: false };
    const timer = setInterval(() => (signal.aborted ||= existsSync(join(broken.last, 'checkpoint.json'))), 1);
    const first = await train(configuration, broken.root, { ...hooks, signal: signal as AbortSignal });
    clearInterval(timer);
    expect(first).toEqual({ stopped: 'interrupted', history: [] });
    const { state } = JSON.parse(await text(join(broken.last, 'checkpoint.json')));
    expect(state.pretraining.epochs).toBeLessThan(3);
    await resume(broken.root, hooks);
    expect(withoutSeconds(await text(broken.history))).toEqual(withoutSeconds(await text(whole.history)));
  });

  it('tells with what it was made, each time, and whether the data have changed', async () => {
    const data = await smallPhantoms();
    const folder = runFolder(join(await temporaryFolder(), 'run'));
    await train(smallConfiguration(data.folder, { epochs: 1, variant: 'unet' }), folder.root, hooks);
    const first = JSON.parse(await text(folder.environment));
    expect(first).toMatchObject({ engine: 'cpu', node: process.version, data: { cases: 4, files: 8 } });
    expect(first.data.sha256).toMatch(/^[0-9a-f]{64}$/);
    const notes: string[] = [];
    const onNote = (message: string): void => void notes.push(message);
    await resume(folder.root, { ...hooks, environment: { node: 'v99' }, onNote });
    expect(JSON.parse(await text(folder.environment))).toEqual({ ...first, node: 'v99', earlier: [first] });
    expect(notes).toEqual([]);
    const label = data.cases[0]!.label!;
    await writeFile(label, await readFile(data.cases[1]!.label!));
    await resume(folder.root, { ...hooks, onNote });
    expect(notes).toEqual([expect.stringContaining('holds other data than when the run was worked on last')]);
    expect(JSON.parse(await text(folder.environment)).earlier).toHaveLength(2);
  });

  it('lets no second process work on it', async () => {
    const folder = runFolder(join(await temporaryFolder(), 'run'));
    const configuration = smallConfiguration(phantoms.folder, { epochs: 1, variant: 'unet' });
    let second: Promise<unknown> | undefined;
    const onEpoch = (): void => void (second ??= resume(folder.root, hooks).catch((error: unknown) => error));
    await train(configuration, folder.root, { ...hooks, onEpoch });
    expect(await second).toMatchObject({ name: 'DataError', message: expect.stringContaining('found the lock of') });
    expect(await readdir(folder.root)).not.toContain('run.lock');
  });

  it('segments with the spacing that it was trained with', async () => {
    const folder = runFolder(join(await temporaryFolder(), 'run'));
    const settings = { epochs: 1, variant: 'unet', spacing: 12, resizing: 'crop', foregroundOversampling: 2 } as const;
    await train(smallConfiguration(phantoms.folder, settings), folder.root, hooks);
    const { model, description } = await loadModel(folder.model);
    model.dispose();
    expect(description.slices).toMatchObject({ spacing: 12, resizing: 'crop' });
    const [prediction] = await readdir(folder.predictions);
    expect((await readNifti(join(folder.predictions, prediction!))).shape).toEqual([16, 14, 6]);
  });

  it('trains on patches of larger slices, and resumes to the same patches', async () => {
    const root = await temporaryFolder();
    const settings = {
      variant: 'unet',
      size: 8,
      resizing: 'patch',
      patchesPerSlice: 2,
      backgroundSlices: 0.5,
      augmentation: 'light',
    } as const;
    const whole = smallConfiguration(phantoms.folder, { ...settings, epochs: 2 });
    const { history } = await train(whole, join(root, 'whole'), hooks);
    const folder = runFolder(join(root, 'parts'));
    await train(smallConfiguration(phantoms.folder, { ...settings, epochs: 1 }), folder.root, hooks);
    const resumed = await resume(folder.root, hooks, { epochs: 2 });
    expect(resumed.history.map(({ seconds: _, ...rest }) => rest)).toEqual(
      history.map(({ seconds: _, ...rest }) => rest),
    );
    const { model, description } = await loadModel(folder.model);
    model.dispose();
    expect(description.slices).toMatchObject({ size: [8, 8], resizing: 'patch' });
    const [prediction] = await readdir(folder.predictions);
    expect((await readNifti(join(folder.predictions, prediction!))).shape).toEqual([16, 14, 6]);
  });

  it.each(['twi-unet', 'sae-unetpp'])('trains %s with neighbouring slices, and predicts with them', async (variant) => {
    const folder = runFolder(join(await temporaryFolder(), 'run'));
    const settings = { variant, epochs: 1, size: 8, resizing: 'patch', augmentation: 'full' } as const;
    const context = { context: 2, contextSpacing: 15 };
    const { history } = await train(
      smallConfiguration(phantoms.folder, { ...settings, ...context }),
      folder.root,
      hooks,
    );
    expect(history[0]!.valLoss).toBeGreaterThan(0);
    const { model, description } = await loadModel(folder.model);
    // Two channels of five slices.
    expect(model.inputs[0]!.shape).toEqual([null, 8, 8, 10]);
    expect(description).toMatchObject({ channels: ['T1', 'FLAIR'], slices: context });
    model.dispose();
    const [prediction] = await readdir(folder.predictions);
    expect((await readNifti(join(folder.predictions, prediction!))).shape).toEqual([16, 14, 6]);
  });

  it('ships a model with a softmax, whose label maps weigh classes against the background', async () => {
    const folder = runFolder(join(await temporaryFolder(), 'run'));
    const changes = { variant: 'unet', outputActivation: 'softmax', epochs: 1 } as const;
    await train(smallConfiguration(phantoms.folder, changes), folder.root, hooks);
    const { model, description } = await loadModel(folder.model);
    expect(description.outputActivation).toBe('softmax');
    const { test } = JSON.parse(await text(folder.split)) as { test: string[] };
    const volume = await readCase(
      phantoms,
      phantoms.cases.find(({ id }) => id === test[0])!,
    );
    const { labels, probabilities } = await predictVolume(model, volume, description);
    model.dispose();
    const [first, second] = probabilities as [Float32Array, Float32Array];
    const values = phantoms.classes.map((one) => one.values[0]!);
    labels.forEach((label, voxel) => {
      const [a, b] = [first[voxel]!, second[voxel]!];
      expect(a + b).toBeLessThan(1 + 1e-6);
      expect(label).toBe(Math.max(a, b) < 1 - a - b ? 0 : values[b > a ? 1 : 0]);
    });
    const written = await readNifti(join(folder.predictions, `${test[0]}.nii.gz`));
    expect(Array.from(written.data)).toEqual(Array.from(labels));
  });

  it('refuses a softmax for classes that overlap before it reads an image', async () => {
    const root = await temporaryFolder();
    const brats = await generatePhantoms(join(root, 'brats'), { layout: 'brats', patients: 3, shape: [16, 16, 4] });
    for (const { images } of brats.cases) for (const path of images) await writeFile(path, 'no image');
    const run = train(smallConfiguration(brats.folder, { outputActivation: 'softmax' }), join(root, 'run'), hooks);
    await expect(run).rejects.toThrow(
      /^outputActivation is 'softmax', but the classes whole tumour and tumour core share/,
    );
    expect(existsSync(join(root, 'run'))).toBe(false);
  });

  it('can be given more epochs afterwards', async () => {
    const folder = runFolder(join(await temporaryFolder(), 'run'));
    await train(smallConfiguration(phantoms.folder, { epochs: 1, variant: 'unet' }), folder.root, hooks);
    const { history } = await resume(folder.root, hooks, { epochs: 2 });
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect((await readConfiguration(folder)).epochs).toBe(2);
  });

  it('does not write over another run, and cannot resume where there is none', async () => {
    const folder = join(await temporaryFolder(), 'run');
    const configuration = smallConfiguration(phantoms.folder, { epochs: 1, variant: 'unet' });
    await train(configuration, folder, hooks);
    await expect(train(configuration, folder, hooks)).rejects.toThrow("continue the run with 'interseg resume'");
    await expect(resume(`${folder}-other`, hooks)).rejects.toThrow('config.json');
  });

  it('leaves nothing behind when it fails before its first checkpoint', async () => {
    const broken = await smallPhantoms();
    await writeFile(broken.cases[0]!.images[0]!, 'no image');
    const folder = join(await temporaryFolder(), 'run');
    const split = join(broken.folder, 'split.json');
    const ids = broken.cases.map(({ id }) => id);
    await writeFile(split, JSON.stringify({ train: ids.slice(0, 2), validation: [], test: ids.slice(2) }));
    await expect(train(smallConfiguration(broken.folder, { split }), folder, hooks)).rejects.toThrow(
      broken.cases[0]!.images[0]!,
    );
    await expect(readdir(folder)).rejects.toThrow('ENOENT');
  });
});
