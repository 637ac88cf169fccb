import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantoms, type DataSet } from '@interseg/data';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { historyCsv, parseHistoryCsv } from '@interseg/training';
import {
  comparisonConfiguration,
  type ComparisonConfiguration,
  type PlannedRun,
} from '../sweep/sweep-configuration.ts';
import { comparisonFolder } from '../sweep/sweep-folder.ts';
import { compare, type ComparisonResult } from './compare.ts';

let phantoms: DataSet;
let folder: ReturnType<typeof comparisonFolder>;
let result: ComparisonResult;
const hooks = { engine: 'cpu' };

/** Two variants and two seeds of what trains in seconds. */
function settings(changes: Partial<ComparisonConfiguration> = {}): ComparisonConfiguration {
  return comparisonConfiguration.parse({
    data: phantoms.folder,
    engine: 'cpu',
    size: 16,
    filters: [2, 3],
    batch: 3,
    epochs: 2,
    learningRate: 0.01,
    fractions: [0.5, 0.25, 0.25],
    variants: ['unet', 'twi-unet'],
    seeds: [1, 2],
    ...changes,
  });
}

/** Compares, and lists the runs that were worked on. */
async function runsOf(configuration: ComparisonConfiguration, out = folder.root): Promise<string[]> {
  const begun: string[] = [];
  const onRun = ({ variant, seed }: PlannedRun): number => begun.push(`${variant}-seed${seed}`);
  await compare(configuration, out, { ...hooks, onRun });
  return begun;
}

const text = (path: string): Promise<string> => readFile(path, 'utf8');

beforeAll(async () => {
  await tf.setBackend('cpu');
  phantoms = await generatePhantoms(join(await temporaryFolder(), 'phantoms'), {
    patients: 4,
    shape: [16, 14, 6],
    spacing: [10, 10, 20],
    classes: ['lesion', 'cyst'],
    channels: ['T1', 'FLAIR'],
    objects: { count: [1, 2], radius: [20, 30] },
    seed: 1,
  });
  folder = comparisonFolder(join(await temporaryFolder(), 'comparison'));
  const tensors = tf.memory().numTensors;
  result = await compare(settings(), folder.root, hooks);
  expect(tf.memory().numTensors).toBe(tensors);
});

it('makes a whole run of each variant and seed, under one split', async () => {
  const split = await text(folder.split);
  for (const variant of ['unet', 'twi-unet']) {
    for (const seed of [1, 2]) {
      const run = folder.run({ variant, seed });
      expect(await text(run.split)).toBe(split);
      expect(JSON.parse(await text(run.configuration))).toMatchObject({ variant, seed, epochs: 2, filters: [2, 3] });
      expect(parseHistoryCsv(await text(run.history))).toHaveLength(2);
      expect((await stat(join(run.model, 'model.json'))).isFile()).toBe(true);
    }
  }
});

it('writes what it found', async () => {
  expect(result).toMatchObject({ stopped: 'finished', finished: 4, planned: 4 });
  const comparison = result.comparison!;
  expect(JSON.parse(await text(folder.comparison))).toEqual(JSON.parse(JSON.stringify(comparison)));
  expect(comparison.runs.map(({ folder: at }) => at)).toEqual([
    'runs/unet-seed1',
    'runs/twi-unet-seed1',
    'runs/unet-seed2',
    'runs/twi-unet-seed2',
  ]);
  expect(comparison.variants.map(({ variant, runs, dice }) => [variant, runs, dice.n])).toEqual([
    ['unet', 2, 2],
    ['twi-unet', 2, 2],
  ]);
  expect(comparison.cases).toEqual({ train: 2, validation: 1, test: 1 });
  expect(comparison.tests).toMatchObject({ baseline: 'unet', canConclude: false });
  const [test] = comparison.tests.comparisons;
  expect(test).toMatchObject({ variant: 'twi-unet', n: 1 });
  expect(test!.pairs + test!.leftOut).toBe(2);
  const [run] = comparison.runs;
  expect(run!.validation.map(({ epoch }) => epoch)).toEqual([1, 2]);
  expect(run!.validation[1]!.seconds).toBe(run!.seconds);
  expect(run!.secondsPerStep).toBeGreaterThan(0);
});

it('counts each weight once, and no more for the tied decoder than its biases', () => {
  const [unet, twi] = result.comparison!.variants.map(({ parameters }) => parameters!);
  expect(unet!.training).toBe(unet!.deploy);
  expect(twi!.deploy).toBe(unet!.deploy);
  // Tied convolutions back to 2 and then to the 2 channels of the image: biases only, a normalisation at most between.
  expect(twi!.training - twi!.deploy).toBeGreaterThan(0);
  expect(twi!.training - twi!.deploy).toBeLessThan(30);
});

it('repeats nothing that is finished, and takes further seeds', async () => {
  expect(await runsOf(settings())).toEqual([]);
  const grown = comparisonFolder(join(await temporaryFolder(), 'grown'));
  const first = await runsOf(settings({ variants: ['unet'], seeds: [1], epochs: 1 }), grown.root);
  expect(first).toEqual(['unet-seed1']);
  const more = settings({ variants: ['unet', 'tw-unet'], seeds: [1, 2], epochs: 1 });
  expect(await runsOf(more, grown.root)).toEqual(['tw-unet-seed1', 'unet-seed2', 'tw-unet-seed2']);
});

it('keeps the order of its runs when it grows, and writes down only what is new', async () => {
  const grown = comparisonFolder(join(await temporaryFolder(), 'order'));
  const before = settings({ variants: ['unet'], seeds: [1, 2], epochs: 1 });
  await compare(before, grown.root, hooks);
  const more = settings({ variants: ['unet', 'tw-unet'], seeds: [1, 2], epochs: 1 });
  const { comparison } = await compare(more, grown.root, hooks);
  const order = ['unet-seed1', 'unet-seed2', 'tw-unet-seed1', 'tw-unet-seed2'];
  expect(comparison!.runs.map(({ folder: at }) => at)).toEqual(order.map((name) => `runs/${name}`));
  const { runs } = JSON.parse(await text(grown.runs)) as { runs: PlannedRun[] };
  expect(runs.map((run) => grown.runName(run))).toEqual(order);
  const files = [grown.configuration, grown.split, grown.runs];
  const times = async (): Promise<number[]> => Promise.all(files.map(async (path) => (await stat(path)).mtimeMs));
  const written = await times();
  expect(await runsOf(settings({ ...more, memoryLimit: 100 }), grown.root)).toEqual([]);
  expect(await times()).toEqual(written);
});

it('continues an interrupted run from its checkpoint, to the same numbers', async () => {
  const broken = comparisonFolder(join(await temporaryFolder(), 'broken'));
  const controller = new AbortController();
  let steps = 0;
  const onStep = (): void => void (++steps === 3 && controller.abort());
  const first = await compare(settings({ seeds: [1] }), broken.root, { ...hooks, onStep, signal: controller.signal });
  expect(first).toEqual({ stopped: 'interrupted', finished: 0, planned: 2 });
  expect(await runsOf(settings({ seeds: [1] }), broken.root)).toEqual(['unet-seed1', 'twi-unet-seed1']);
  const run = { variant: 'unet', seed: 1 };
  const plain = (csv: string): string => historyCsv(parseHistoryCsv(csv).map((record) => ({ ...record, seconds: 0 })));
  expect(plain(await text(broken.run(run).history))).toBe(plain(await text(folder.run(run).history)));
});

it('refuses other settings than before, naming the one that differs', async () => {
  const attempt = (changes: Partial<ComparisonConfiguration>) => compare(settings(changes), folder.root, hooks);
  await expect(attempt({ epochs: 3 })).rejects.toThrow('the option epochs is 3, but the comparison there has 2');
  await expect(attempt({ filters: [2, 4] })).rejects.toThrow('the option filters is 2,4,');
  await expect(attempt({ seeds: [2, 1] })).rejects.toThrow('the option seeds is 2,1,');
  await expect(attempt({ variants: ['unet'] })).rejects.toThrow('the option variants is unet,');
  await expect(attempt({ alpha: 2 })).rejects.toThrow('alpha is 2, but the comparison there has the default');
  await expect(attempt({ seeds: [1, 2, 2] })).rejects.toThrow('seeds has 2 twice');
  expect(await runsOf(settings({ memoryLimit: 100 }))).toEqual([]);
});

it('takes a given split, which must have cases to test on', async () => {
  const out = comparisonFolder(join(await temporaryFolder(), 'given'));
  const ids = phantoms.cases.map(({ id }) => id);
  const split = join(await temporaryFolder(), 'split.json');
  await writeFile(split, JSON.stringify({ train: ids, validation: [], test: [] }));
  const given = settings({ split, variants: ['unet'], seeds: [1], epochs: 1 });
  await expect(compare(given, out.root, hooks)).rejects.toThrow(`${split}: found no case for testing`);
  await writeFile(split, JSON.stringify({ train: ids.slice(1), validation: [], test: ids.slice(0, 1) }));
  const { comparison } = await compare(given, out.root, hooks);
  expect(comparison!.cases).toEqual({ train: 3, validation: 0, test: 1 });
  expect(comparison!.runs[0]!.metrics.cases.map(({ id }) => id)).toEqual(ids.slice(0, 1));
  expect(comparison!.runs[0]!.validation[0]!.dice).toBeNull();
});

it('compares numbers of labelled patients, whose images alone may be trained on', async () => {
  const out = comparisonFolder(join(await temporaryFolder(), 'few'));
  const variants = ['tw-unet', 'tw-unet+labelled=1', 'tw-unet+labelled=1+unlabelled=all'];
  const configuration = settings({ variants, seeds: [1], epochs: 1 });
  const { comparison } = await compare(configuration, out.root, hooks);
  const splits = await Promise.all(
    comparison!.runs.map(async (run) => JSON.parse(await text(out.run(run).split)) as Record<string, string[]>),
  );
  expect(splits.map(({ train, unlabelled }) => [train!.length, unlabelled?.length])).toEqual([
    [2, undefined],
    [1, undefined],
    [1, 1],
  ]);
  // Called again, each run is recognised as that of the plan.
  expect(await runsOf(configuration, out.root)).toEqual([]);
  await expect(compare(settings({ variants: ['unet+labelled=3'] }), `${out.root}-more`, hooks)).rejects.toThrow(
    'The option labelled is 3, but 2 patients are for training; expected at most 2.',
  );
});

it('finishes the other runs when one fails, and tries that again', async () => {
  const out = comparisonFolder(join(await temporaryFolder(), 'failing'));
  const configuration = settings({ variants: ['unet', 'tw-unet'], seeds: [1], epochs: 1 });
  let current = '';
  const failing = {
    ...hooks,
    onRun: ({ variant }: PlannedRun) => void (current = variant),
    onStep: () => {
      if (current === 'tw-unet') throw new Error('The loss is NaN.');
    },
  };
  const { comparison } = await compare(configuration, out.root, failing);
  expect(comparison!.failed).toEqual([{ variant: 'tw-unet', seed: 1, message: 'The loss is NaN.' }]);
  expect(comparison!.variants.map(({ variant }) => variant)).toEqual(['unet']);
  await rm(out.comparison);
  expect(await runsOf(configuration, out.root)).toEqual(['tw-unet-seed1']);
  expect(JSON.parse(await text(out.comparison))).toMatchObject({ failed: [], tests: { comparisons: [{ n: 1 }] } });
});
