import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantoms, openDataset } from '@interseg/data';
import type { ComparisonFile, SweepManifest } from '@interseg/experiments';
import { beforeAll, describe, expect, it } from 'vitest';
import { historyOf, numbersOf } from './run-folder.ts';
import { interseg, intersegHere, temporaryFolder } from './support.ts';

const folder = await temporaryFolder();
const data = join(folder, 'phantoms');
const out = join(folder, 'sweep');
const tiny = ['--filters', '2,4', '--size', '16', '--engine', 'wasm', '--threads', '1', '--learning-rate', '0.01'];
const settings = [...tiny, '--data', data, '--epochs', '3', '--batch', '2', '--fractions', '0.4,0.2,0.4'];
const plan = (...words: string[]) => intersegHere('sweep', 'plan', '--out', out, ...settings, ...words);
const run = (index: number) => ['sweep', 'run', out, '--index', String(index)];
const collect = (...words: string[]) => intersegHere('sweep', 'collect', out, ...words);
const text = (...path: string[]): Promise<string> => readFile(join(out, ...path), 'utf8');
const manifest = async (): Promise<SweepManifest> => JSON.parse(await text('runs.json')) as SweepManifest;

beforeAll(async () => {
  await generatePhantoms(data, { patients: 5, shape: [16, 16, 4], spacing: [8, 8, 12], seed: 2 });
  const { status, stdout, stderr } = await plan('--variants', 'unet', '--seeds', '1', '--json');
  expect(status, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ sweep: out, runs: 1, added: 1, folds: null });
});

describe('sweep plan', () => {
  it('adds runs behind those there are, and writes settings and split once', async () => {
    const before = await manifest();
    const split = await stat(join(out, 'split.json'));
    const { status, stderr } = await plan('--variants', 'unet,twi-unet', '--seeds', '1,2');
    expect(status, stderr).toBe(0);
    const { id, runs } = await manifest();
    expect([id, runs[0]]).toEqual([before.id, before.runs[0]]);
    expect(runs.map(({ index, name }) => `${index} ${name}`)).toEqual([
      '0 unet-seed1',
      '1 twi-unet-seed1',
      '2 unet-seed2',
      '3 twi-unet-seed2',
    ]);
    expect((await stat(join(out, 'split.json'))).mtimeMs).toBe(split.mtimeMs);
    const written = await text('runs.json');
    expect((await plan('--variants', 'unet,twi-unet', '--seeds', '1,2')).stdout).toContain('4 of them planned before');
    expect(await text('runs.json')).toBe(written);
  });

  it('refuses other settings, and options that do not suit a network', async () => {
    const other = await plan('--variants', 'unet,twi-unet', '--seeds', '1,2', '--epochs', '5');
    expect([other.status, other.stderr]).toEqual([2, expect.stringContaining('the option epochs is 5')]);
    const elsewhere = ['--out', join(folder, 'unsuited'), '--variants', 'unet', '--seeds', '1'];
    const unsuited = await plan(...elsewhere, '--settings', 'maskPath=pretrained');
    expect(unsuited.status, unsuited.stderr).toBe(2);
    const tied = ['--out', join(folder, 'unsuited'), '--variants', 'unet,tw-unet+unlabelled=2', '--seeds', '1'];
    const tooMany = await plan(...tied);
    expect([tooMany.status, tooMany.stderr]).toEqual([2, expect.stringContaining('there are 0 cases without labels')]);
    await expect(stat(join(folder, 'unsuited'))).rejects.toThrow('ENOENT');
  });
});

describe('sweep run', () => {
  it('does the run of its index, goes on after SIGTERM to the same history, and leaves a finished one alone', async () => {
    const stopped = await interseg(run(0), { signalAt: { signal: 'SIGTERM', after: 'epoch 1/3' } });
    expect(stopped.status, stopped.stderr).toBe(143);
    expect(stopped.stderr).toContain(`continue with: interseg sweep run ${out} --index 0`);
    const resumed = await interseg(run(0));
    expect(resumed.status, resumed.stderr).toBe(0);
    expect(resumed.stderr).not.toContain('epoch 1/3');
    expect(await stat(join(out, 'runs', 'unet-seed1', 'report.html'))).toBeDefined();
    const metrics = await stat(join(out, 'runs', 'unet-seed1', 'metrics.json'));
    const again = await intersegHere(...run(0), '--json');
    expect([again.status, JSON.parse(again.stdout)]).toEqual([0, expect.objectContaining({ stopped: 'finished' })]);
    expect((await stat(join(out, 'runs', 'unet-seed1', 'metrics.json'))).mtimeMs).toBe(metrics.mtimeMs);

    const straight = join(folder, 'straight');
    const split = ['--split', join(out, 'split.json')];
    const alone = await interseg([
      'train',
      '--no-planned',
      ...settings,
      ...split,
      '--variant',
      'unet',
      '--seed',
      '1',
      '--out',
      straight,
    ]);
    expect(alone.status, alone.stderr).toBe(0);
    expect(await historyOf(join(out, 'runs', 'unet-seed1'))).toEqual(await historyOf(straight));
  });

  it('is given the same run by two processes, which share it: one waits and finds it finished', async () => {
    const ofHost = ['--threads', '1', '--cache', join(folder, 'cache')];
    const both = await Promise.all([interseg(run(2)), interseg([...run(2), ...ofHost])]);
    for (const { status, stderr } of both) expect(status, stderr).toBe(0);
    expect(both.map(({ stderr }) => stderr.match(/epoch 3\/3/g)?.length ?? 0).sort()).toEqual([0, 1]);
  });

  it('remembers that its input is at fault, until it is told to try again', async () => {
    const [labels, away] = [join(data, 'labelsTr'), join(data, 'away')];
    await rename(labels, away);
    try {
      const first = await interseg(run(1));
      expect(first.status, first.stderr).toBe(2);
      expect(JSON.parse(await text('runs', 'twi-unet-seed1', 'failure.json'))).toMatchObject({
        badInput: true,
        attempts: 1,
      });
    } finally {
      await rename(away, labels);
    }
    const second = await intersegHere(...run(1));
    expect([second.status, second.stderr]).toEqual([2, expect.stringContaining('use --again or remove the file')]);
    const third = await interseg([...run(1), '--again']);
    expect(third.status, third.stderr).toBe(0);
    await expect(stat(join(out, 'runs', 'twi-unet-seed1', 'failure.json'))).rejects.toThrow('ENOENT');
  });

  it('refuses an index that there is not, and a run folder of other settings', async () => {
    const none = await intersegHere(...run(9));
    expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('from 0 to 3')]);
    const foreign = join(out, 'runs', 'twi-unet-seed2');
    await rename(join(folder, 'straight'), foreign);
    expect(await collect()).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/other settings .* run 3 of the/),
    });
    await rm(join(foreign, 'metrics.json'));
    const other = await interseg(run(3));
    expect([other.status, other.stderr]).toEqual([2, expect.stringMatching(/other settings .* run 3 of the sweep/)]);
    await rm(foreign, { recursive: true });
  });
});

it('sweep status shows how each run stands', async () => {
  const { status, stdout, stderr } = await intersegHere('sweep', 'status', out);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('4 runs: 3 finished, 1 waiting; at most ');
  expect(stdout).toMatch(/^ +0 +unet-seed1 +finished +3\/3 +0\.\d{3}$/m);
  const { stdout: document } = await intersegHere('sweep', 'status', out, '--json');
  expect(JSON.parse(document)).toMatchObject({
    sweep: out,
    counts: { finished: 3, waiting: 1 },
    runs: [
      { index: 0, state: 'finished', epoch: 3, epochs: 3, secondsLeft: 0 },
      {},
      {},
      { state: 'waiting', epoch: 0 },
    ],
  });
});

describe('sweep collect', () => {
  it('names what is missing, and writes a part only when it is told to', async () => {
    const whole = await collect();
    expect([whole.status, whole.stderr]).toEqual([1, expect.stringContaining('3  twi-unet, seed 2: waiting')]);
    await expect(stat(join(out, 'comparison.json'))).rejects.toThrow('ENOENT');
    const part = await collect('--partial');
    expect(part.status, part.stderr).toBe(0);
    const { runs, missing } = JSON.parse(await text('comparison.json')) as ComparisonFile;
    expect([runs.length, missing]).toEqual([3, [expect.objectContaining({ index: 3, reason: 'waiting' })]]);
    expect(await text('report.html')).toContain('1 run had not ended');
  });

  it('gives what compare gives, but for times', async () => {
    expect((await interseg(run(3))).status).toBe(0);
    // Nothing is left to wait for.
    expect((await intersegHere('sweep', 'status', out, '--watch', '60')).stdout).toContain('4 runs: 4 finished\n');
    const { status, stdout, stderr } = await collect();
    expect([status, stdout], stderr).toEqual([0, expect.stringMatching(/^twi-unet +\d/m)]);
    const compared = join(folder, 'compared');
    const words = ['--variants', 'unet,twi-unet', '--seeds', '1,2', '--out', compared];
    const alone = await interseg(['compare', ...settings, ...words]);
    expect(alone.status, alone.stderr).toBe(0);
    expect(await numbersOf(out)).toEqual(await numbersOf(compared));
    const { id: _, ...plan } = await manifest();
    expect(JSON.parse(await readFile(join(compared, 'runs.json'), 'utf8'))).toMatchObject(plan);
  });
});

it('makes a cross-validation of folds, with each patient once in the test part', async () => {
  const crossed = join(folder, 'crossed');
  const words = ['--variants', 'unet', '--seeds', '1', '--folds', '2', '--epochs', '1', '--out', crossed];
  // Each run in a process of its own, as sweep run does it.
  const { status, stdout, stderr } = await interseg(['compare', ...settings, ...words, '--parallel', '2']);
  expect([status, stdout], stderr).toEqual([0, expect.stringContaining('mean over 5 test cases')]);
  expect(stderr).toContain('finished, 2 of 2');
  expect(await readFile(join(crossed, 'logs', 'unet-seed1-fold2.log'), 'utf8')).toContain('run 1: unet-seed1-fold2');
  const { runs, variants, cases } = JSON.parse(
    await readFile(join(crossed, 'comparison.json'), 'utf8'),
  ) as ComparisonFile;
  expect(runs.map((one) => one.folder)).toEqual(['runs/unet-seed1-fold1', 'runs/unet-seed1-fold2']);
  const tested = runs.flatMap(({ metrics }) => metrics.cases.map(({ id }) => id));
  const { cases: all } = await openDataset(data);
  expect(tested.sort()).toEqual(all.map(({ id }) => id).sort());
  expect([cases.test, variants[0]!.dice.n, variants[0]!.epochs.n]).toEqual([5, 1, 2]);
  expect(await readFile(join(crossed, 'report.html'), 'utf8')).toContain('and fold 1');

  const input = ['--input', all[0]!.images[0]!, '--engine', 'wasm', '--json'];
  const predicted = await intersegHere(
    'predict',
    '--model',
    crossed,
    '--output',
    join(folder, 'mask.nii.gz'),
    ...input,
  );
  expect(predicted.status, predicted.stderr).toBe(0);
});
