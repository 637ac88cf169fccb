import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readCase, type DataSet, type Split } from '@interseg/data';
import { loadEnsemble, loadModel, predictVolume, predictWithEnsemble } from '@interseg/inference';
import { readNifti } from '@interseg/nifti';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { smallConfiguration, smallPhantoms } from '../../test/small-run.ts';
import { openSplit } from '../run/open-data.ts';
import { foldSplits } from './fold-splits.ts';
import { foldsFolder } from './folds-folder.ts';
import { resumeFolds, trainFolds } from './train-folds.ts';

const hooks = { engine: 'cpu', environment: {} };
const json = async (path: string) => JSON.parse(await readFile(path, 'utf8'));
const history = async (path: string) => (await readFile(path, 'utf8')).replace(/,[^,\n]*$/gm, '');
let phantoms: DataSet;
let settings: ReturnType<typeof smallConfiguration>;

beforeAll(async () => {
  await tf.setBackend('cpu');
  phantoms = await smallPhantoms({ patients: 6 });
  settings = smallConfiguration(phantoms.folder, { epochs: 2, variant: 'unet' });
});

it('folds validate on each patient once, and keep the test part out', async () => {
  const split = await openSplit(settings, phantoms);
  const folds = foldSplits(phantoms.cases, split, { folds: 2, seed: 1 });
  const rest = [...split.train, ...split.validation].sort();
  expect(folds.flatMap(({ validation }) => validation).sort()).toEqual(rest);
  for (const { train, validation, test } of folds) {
    expect([...train, ...validation].sort()).toEqual(rest);
    expect(test).toEqual(split.test);
  }
  expect(() => foldSplits(phantoms.cases, split, { folds: 6, seed: 1 })).toThrow(/The option folds is 6/);
});

describe('a training with folds', () => {
  const folder = async () => foldsFolder(join(await temporaryFolder(), 'folds'));
  const begun: number[] = [];
  let whole: Awaited<ReturnType<typeof folder>>;

  beforeAll(async () => {
    whole = await folder();
    const onFold = (fold: number): void => void begun.push(fold);
    const tensors = tf.memory().numTensors;
    expect(await trainFolds(settings, whole.root, { ...hooks, onFold }, { folds: 2 })).toMatchObject({
      stopped: 'finished',
    });
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('evaluates each case by the fold that was not trained on it, and test cases by all', async () => {
    expect(begun).toEqual([1, 2]);
    const { splits } = (await json(whole.folds)) as { splits: Split[] };
    const outOfFold = await json(whole.outOfFold);
    const ids = splits.flatMap(({ validation }) => validation);
    expect(outOfFold.cases.map(({ id }: { id: string }) => id)).toEqual(ids);
    const summary = await json(whole.summary);
    expect(summary.outOfFold).toEqual(outOfFold.mean);
    const means = summary.folds.map(({ mean }: { mean: { dice: number } }) => mean.dice);
    expect(summary.meanOverFolds.dice).toBeCloseTo((means[0] + means[1]) / 2, 12);
    expect((await json(whole.metrics)).cases.map(({ id }: { id: string }) => id)).toEqual(splits[0]!.test);
    // A fold has no test cases of its own.
    expect(await readdir(whole.fold(1).root)).not.toContain('metrics.json');

    const of = (id: string) =>
      readCase(
        phantoms,
        phantoms.cases.find((one) => one.id === id)!,
      );
    const written = async (path: string, id: string) => Array.from((await readNifti(join(path, `${id}.nii.gz`))).data);
    const [second] = splits[1]!.validation;
    const { model, description } = await loadModel(whole.fold(2).model);
    const alone = await predictVolume(model, await of(second!), description);
    expect(await written(whole.outOfFoldPredictions, second!)).toEqual(Array.from(alone.labels));
    model.dispose();

    // The folder stands for the models of its folds.
    const [test] = splits[0]!.test;
    const volume = await of(test!);
    const ensemble = await loadEnsemble([whole.root]);
    expect(ensemble.members).toHaveLength(2);
    const together = await predictWithEnsemble(ensemble.members, volume, ensemble.description);
    expect(await written(whole.predictions, test!)).toEqual(Array.from(together.labels));
    ensemble.dispose();
  });

  it('goes on from an interruption, with the history of an uninterrupted training', async () => {
    const broken = await folder();
    const controller = new AbortController();
    let epochs = 0;
    // In the first epoch of the second fold.
    const onEpoch = (): void => void (++epochs === 3 && controller.abort());
    const first = await trainFolds(
      settings,
      broken.root,
      { ...hooks, onEpoch, signal: controller.signal },
      { folds: 2 },
    );
    expect(first).toEqual({ stopped: 'interrupted' });
    await expect(loadEnsemble([broken.root])).rejects.toThrow(
      /fold_2: found no model, expected one in each of 2 folds/,
    );
    const again: number[] = [];
    const onFold = (fold: number): void => void again.push(fold);
    await trainFolds(settings, broken.root, { ...hooks, onFold }, { folds: 2 });
    expect(again).toEqual([2]);
    for (const fold of [1, 2]) {
      expect(await history(broken.fold(fold).history)).toBe(await history(whole.fold(fold).history));
    }
    expect(await json(broken.summary)).toEqual(await json(whole.summary));
  });

  it('does nothing twice, but can be given more epochs', async () => {
    const seen: number[] = [];
    const onFold = (fold: number): void => void seen.push(fold);
    const { summary } = await resumeFolds(whole.root, { ...hooks, onFold });
    expect([seen, summary]).toEqual([[], await json(whole.summary)]);
    await resumeFolds(whole.root, { ...hooks, onFold }, { epochs: 3 });
    expect(seen).toEqual([1, 2]);
    expect(await history(whole.fold(2).history)).toMatch(/^3,/m);
  });

  it('refuses other options, and takes itself back when nothing could begin', async () => {
    await expect(trainFolds({ ...settings, batch: 2 }, whole.root, hooks, { folds: 2 })).rejects.toThrow(
      /the option batch is 2, but the folds there have 3/,
    );
    await expect(trainFolds(settings, whole.root, hooks, { folds: 3 })).rejects.toThrow(/the option folds is 3/);
    const data = await smallPhantoms({ patients: 6 });
    for (const { images } of data.cases) await rm(images[0]!);
    const failed = await folder();
    await expect(trainFolds({ ...settings, data: data.folder }, failed.root, hooks, { folds: 2 })).rejects.toThrow();
    await expect(readdir(failed.root)).rejects.toThrow('ENOENT');
  });

  it('is planned once, for all folds', async () => {
    const planned = await folder();
    const given = { data: phantoms.folder, engine: 'cpu', size: 16, epochs: 1, batch: 4 } as const;
    await trainFolds({ ...given, filters: [2, 3] }, planned.root, hooks, { folds: 2, plan: {} });
    const { options } = await json(planned.plan);
    expect(options.map(({ option }: { option: string }) => option)).toContain('backgroundSlices');
    const [one, two] = [await json(planned.fold(1).configuration), await json(planned.fold(2).configuration)];
    expect(one).toEqual(two);
    expect(one).toMatchObject({ variant: 'unet', filters: [2, 3] });
  });
});
