import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSet, Split } from '@interseg/data';
import { OptionError } from '@interseg/errors';
import { loadModel } from '@interseg/inference';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { smallConfiguration, smallPhantoms } from '../../test/small-run.ts';
import type { CheckpointFile } from '../checkpoint/checkpoint-file.ts';
import type { RunConfigurationInput } from '../configuration/run-configuration.ts';
import { parseHistoryCsv } from '../loop/history.ts';
import { runFolder, type RunFolder } from './run-folder.ts';
import { resume, train } from './train.ts';

let phantoms: DataSet;

beforeAll(async () => {
  await tf.setBackend('cpu');
  phantoms = await smallPhantoms({ unlabelled: 3 });
});

const hooks = { engine: 'cpu' };
const text = (path: string): Promise<string> => readFile(path, 'utf8');
const newRun = async (): Promise<RunFolder> => runFolder(join(await temporaryFolder(), 'run'));
const splitOf = async ({ split }: RunFolder): Promise<Split> => JSON.parse(await text(split)) as Split;
const configure = (changes: Partial<RunConfigurationInput>) =>
  smallConfiguration(phantoms.folder, { variant: 'tw-unet', epochs: 2, ...changes });

/** All that a run must have in common with one that never stopped. */
async function outcome({ last, history, metrics, model }: RunFolder) {
  return {
    history: parseHistoryCsv(await text(history)).map((record) => ({ ...record, seconds: 0 })),
    metrics: await text(metrics),
    weights: (JSON.parse(await text(join(last, 'checkpoint.json'))) as CheckpointFile).weights,
    model: await readFile(join(model, 'weights.bin')),
  };
}

describe('a run with cases without labels', () => {
  it('draws them by the seed, notes them in its split, and logs their terms', async () => {
    const folder = await newRun();
    const stages: string[] = [];
    const tensors = tf.memory().numTensors;
    await train(configure({ unlabelled: 2 }), folder.root, { ...hooks, onStage: (stage) => void stages.push(stage) });
    expect(tf.memory().numTensors).toBe(tensors);
    const { unlabelled } = await splitOf(folder);
    expect(unlabelled).toHaveLength(2);
    expect(phantoms.unlabelled.map(({ id }) => id)).toEqual(expect.arrayContaining(unlabelled!));
    expect(stages).toContain('reading 2 unlabelled cases');
    expect(stages).toContainEqual(expect.stringMatching(/^training TW-U-Net on \d+ slices and 1\d without labels$/));
    const [header] = (await text(folder.history)).split('\n');
    expect(header).toMatch(/,seconds,loss_reconstruction_unlabelled$/);
    expect(await text(folder.log)).toMatch(/reconstruction [\d.]+, of unlabelled slices [\d.]+/);
    const again = await newRun();
    await train(configure({ unlabelled: 3, epochs: 1 }), again.root, hooks);
    expect((await splitOf(again)).unlabelled).toEqual(phantoms.unlabelled.map(({ id }) => id).sort());
  });

  it('takes those that a split file names, also labelled ones, without their labels', async () => {
    const folder = await newRun();
    const split = join(await temporaryFolder(), 'split.json');
    const named = { train: ['phantom_001'], validation: [], test: [], unlabelled: ['phantom_002', 'phantom_006'] };
    await writeFile(split, JSON.stringify(named));
    await train(configure({ split, unlabelled: 'all', epochs: 1 }), folder.root, hooks);
    expect(await splitOf(folder)).toEqual(named);
    const without = await newRun();
    await train(configure({ split, epochs: 1 }), without.root, hooks);
    expect(await splitOf(without)).not.toHaveProperty('unlabelled');
  });

  it('takes the images of patients whose labels it is to do without', async () => {
    const [few, whole] = [await newRun(), await newRun()];
    await train(configure({ epochs: 1 }), whole.root, hooks);
    const { train: all, ...others } = await splitOf(whole);
    await train(configure({ labelled: 1, unlabelled: 'all', epochs: 1 }), few.root, hooks);
    const { train: kept, unlabelled, ...same } = await splitOf(few);
    expect(kept).toHaveLength(1);
    expect(same).toEqual(others);
    const left = all.filter((id) => !kept.includes(id));
    expect(left.length).toBeGreaterThan(0);
    expect(unlabelled).toEqual([...left, ...phantoms.unlabelled.map(({ id }) => id)].sort());
    const alone = await newRun();
    await train(configure({ labelled: 1, epochs: 1 }), alone.root, hooks);
    expect(await splitOf(alone)).toEqual({ train: kept, ...others });
  });

  it.each<Partial<RunConfigurationInput>>([
    { variant: 'twae-unet', unlabelled: 2, unlabelledRatio: 0.5, augmentation: 'full' },
    {
      variant: 'unet',
      unlabelled: 'all',
      consistency: 2,
      consistencyConfidence: 0.6,
      averageWeights: 0.9,
      augmentation: 'light',
    },
    {
      unlabelled: 2,
      consistency: 1,
      averageWeights: 0.9,
      augmentation: 'light',
      normalization: 'batch',
      onNan: 'skip',
    },
  ])(
    'goes on from an interruption with the history, weights and model of an uninterrupted run: %o',
    async (changes) => {
      const [whole, broken] = [await newRun(), await newRun()];
      const configuration = configure(changes);
      await train(configuration, whole.root, hooks);
      const controller = new AbortController();
      let steps = 0;
      const onStep = (): void => void (++steps === 3 && controller.abort());
      const first = await train(configuration, broken.root, { ...hooks, signal: controller.signal, onStep });
      expect(first.stopped).toBe('interrupted');
      await resume(broken.root, hooks);
      const [one, other] = [await outcome(whole), await outcome(broken)];
      expect(other).toEqual(one);
      expect(one.history[0]!.lossConsistency !== undefined).toBe(changes.consistency !== undefined);
    },
  );

  it.each<[string, Partial<RunConfigurationInput>]>([
    [
      'unet has no reconstruction and consistency is 0, expected a variant such as tw-unet',
      { variant: 'unet', unlabelled: 1 },
    ],
    ['beta and consistency are 0', { unlabelled: 1, beta: 0 }],
    ['no slices without labels are trained on', { consistency: 1, averageWeights: 0.9, augmentation: 'light' }],
    ['averageWeights is 0, expected the decay', { unlabelled: 1, consistency: 1, augmentation: 'light' }],
    ['augmentation changes no intensities', { unlabelled: 1, consistency: 1, averageWeights: 0.9 }],
    [
      'augmentation changes no intensities',
      { unlabelled: 1, consistency: 1, averageWeights: 0.9, augmentFlipHorizontal: 1, augmentRotation: 9 },
    ],
    ['there are 3 cases without labels', { unlabelled: 4 }],
    ['The option labelled is 9, but 2 patients are for training; expected at most 2.', { labelled: 9 }],
    [
      "pretrain is 'reconstruction', but unet reconstructs nothing; expected a variant that does, such as tw-unet, or initialWeights",
      { variant: 'unet', pretrain: 'reconstruction' },
    ],
    [
      'expected one of the two to be trained before the network',
      { variant: 'twae-unet', pretrain: 'reconstruction', maskPath: 'pretrained' },
    ],
    ['unlabelledRatio is 0, expected more, or pretrain reconstruction', { unlabelled: 1, unlabelledRatio: 0 }],
  ])('is refused before anything is written: %s', async (message, changes) => {
    const { root } = await newRun();
    const attempt = train(configure(changes), root, hooks);
    await expect(attempt).rejects.toThrow(OptionError);
    await expect(attempt).rejects.toThrow(message);
    expect(existsSync(root)).toBe(false);
  });
});

describe('a run that learns to reconstruct first', () => {
  const pretrained = { pretrain: 'reconstruction', pretrainEpochs: 3, unlabelled: 2, unlabelledRatio: 0 } as const;

  it('learns it from the images of all cases but those held back, and leaves a model to start from', async () => {
    const folder = await newRun();
    const stages: string[] = [];
    const onStage = (stage: string): void => void stages.push(stage);
    const tensors = tf.memory().numTensors;
    await train(configure({ ...pretrained, epochs: 1 }), folder.root, { ...hooks, onStage });
    expect(tf.memory().numTensors).toBe(tensors);
    expect(stages).toContain('reading 4 pretraining cases');
    const losses = stages
      .flatMap((stage) => /^reconstruction, epoch \d of 3: loss (.*)$/.exec(stage)?.[1] ?? [])
      .map(Number);
    expect(losses).toHaveLength(3);
    expect(losses[2]).toBeLessThan(losses[0]! - 0.01);
    expect((await text(folder.history)).split('\n')[0]).not.toContain('unlabelled');

    const { model } = await loadModel(folder.pretrained);
    const fresh = await newRun();
    const notes: string[] = [];
    const next = configure({ variant: 'unet', initialWeights: folder.pretrained, epochs: 1, learningRate: 1e-12 });
    await train(next, fresh.root, { ...hooks, onNote: (note) => void notes.push(note) });
    expect(notes).toContain(`${folder.pretrained}: training starts from its weights.`);
    const { model: trained } = await loadModel(fresh.model);
    model.getWeights().forEach((weight, i) => {
      const found = trained.getWeights()[i]!.dataSync();
      weight.dataSync().forEach((value, j) => expect(found[j]).toBeCloseTo(value, 5));
    });
    for (const each of [model, trained]) each.dispose();
  });

  it('has its own weights in the end, which another run without it has not', async () => {
    const [first, second] = [await newRun(), await newRun()];
    await train(configure({ ...pretrained, epochs: 1 }), first.root, hooks);
    await train(configure({ epochs: 1 }), second.root, hooks);
    expect((await outcome(first)).model).not.toEqual((await outcome(second)).model);
    expect(await readdir(second.root)).not.toContain('pretrained');
  });

  it.each<Partial<RunConfigurationInput>>([
    { averageWeights: 0.9, normalization: 'batch' },
    { variant: 'twae-unet', unlabelledRatio: 1, augmentation: 'full' },
  ])('goes on from an interruption in either part with the outcome of an uninterrupted run: %o', async (changes) => {
    const configuration = configure({ ...pretrained, ...changes });
    const whole = await newRun();
    await train(configuration, whole.root, hooks);
    for (const at of [/^reconstruction, epoch 2/, /^training T/]) {
      const broken = await newRun();
      const controller = new AbortController();
      const onStage = (stage: string): void => void (at.test(stage) && controller.abort());
      const signals = { ...hooks, signal: controller.signal, onStage };
      expect((await train(configuration, broken.root, signals)).stopped).toBe('interrupted');
      await resume(broken.root, hooks);
      expect(await outcome(broken)).toEqual(await outcome(whole));
    }
  });
});
