import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@interseg/errors';
import { historyCsv, lockRun, type EpochRecord } from '@interseg/training';
import { beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { clearFailure, writeFailure } from './failure-file.ts';
import { summarizeHistory } from './history-summary.ts';
import { extendManifest, type SweepManifest, type SweepRun } from './manifest.ts';
import { isOpen } from './run-states.ts';
import { comparisonConfiguration } from './sweep-configuration.ts';
import { comparisonFolder, type ComparisonFolder } from './sweep-folder.ts';
import { readStatus } from './sweep-status.ts';

let folder: ComparisonFolder;
let manifest: SweepManifest;
const configuration = comparisonConfiguration.parse({
  data: 'data',
  variants: ['unet', 'twi-unet+epochs=5'],
  seeds: [1, 2, 3, 4],
  epochs: 10,
  lockSilence: 60,
});
const record = (epoch: number, valDice: number | undefined, seconds: number): EpochRecord => {
  return { epoch, step: epoch, learningRate: 0.1, trainLoss: 1, lossImage: 1, valDice, seconds };
};

/** Makes the folder of a run with what a run in some state has. */
async function make(run: SweepRun, files: Record<string, string>): Promise<string> {
  const { root } = folder.run(run);
  await mkdir(root, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(root, name), content);
  return root;
}

const statusOf = () => readStatus(folder, { configuration, manifest });

beforeAll(async () => {
  folder = comparisonFolder(await temporaryFolder());
  const split = { train: ['a'], validation: [], test: ['b'] };
  manifest = extendManifest({}, configuration, {
    folder,
    dataset: { cases: [], unlabelled: [] },
    splits: new Map([[undefined, split]]),
  });
});

it('tells of each run how it stands from its folder alone, and writes nothing', async () => {
  const [finished, running, silent, dead, failed, refused, interrupted] = manifest.runs;
  const config = { 'config.json': '{}' };
  const history = (...rows: EpochRecord[]) => ({ 'history.csv': historyCsv(rows) });
  await make(finished!, { ...config, 'metrics.json': '{}', ...history(record(1, 0.25, 10), record(2, 0.5, 30)) });
  const at = await make(running!, { ...config, ...history(record(1, undefined, 3), record(2, 0.75, 5)) });
  const lock = (await lockRun(join(at, 'run.lock')))!;
  const holder = JSON.parse(await readFile(join(at, 'run.lock'), 'utf8')) as object;
  const elsewhere = join(await make(silent!, config), 'run.lock');
  await writeFile(elsewhere, JSON.stringify({ ...holder, host: 'node7', token: 'other' }));
  const before = Date.now() / 1000 - 100;
  await utimes(elsewhere, before, before);
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await make(dead!, { ...config, 'run.lock': JSON.stringify({ ...holder, pid, token: 'dead' }) });
  await writeFailure(folder, failed!, new Error('The loss is NaN.'));
  await writeFailure(folder, failed!, new Error('The loss is NaN again.'));
  await writeFailure(folder, refused!, new DataError('image.nii.gz: found no file.'));
  await make(interrupted!, config);
  const files = await readdir(folder.root, { recursive: true });

  const { runs, counts, secondsLeft } = await statusOf();
  expect(runs.map(({ state }) => state)).toEqual([
    ...['finished', 'running', 'silent', 'interrupted'],
    ...['failed', 'refused', 'interrupted', 'waiting'],
  ]);
  expect(counts).toMatchObject({
    finished: 1,
    running: 1,
    silent: 1,
    interrupted: 2,
    failed: 1,
    refused: 1,
    waiting: 1,
  });
  expect(runs.map(({ epoch, epochs }) => [epoch, epochs])).toEqual([
    [2, 10],
    [2, 5],
    [0, 10],
    [0, 5],
    [0, 10],
    [0, 5],
    [0, 10],
    [0, 5],
  ]);
  expect(runs.map(({ bestDice }) => bestDice).slice(0, 3)).toEqual([0.5, 0.75, null]);
  expect(runs[1]!.holder?.pid).toBe(process.pid);
  expect(runs[2]).toMatchObject({ holder: { host: 'node7' } });
  expect(runs[2]!.quiet).toBeGreaterThan(99);
  expect(runs[4]!.failure).toMatchObject({ message: 'The loss is NaN again.', attempts: 2, badInput: false });
  // 4 s an epoch for twi-unet, 20 s for unet: 12 s for the run, 20 s for those that have not begun.
  expect(runs.map((run) => run.secondsLeft)).toEqual([0, 12, 200, 20, 200, 0, 200, 20]);
  expect(secondsLeft).toBe(652);
  expect(runs.filter(({ state }) => isOpen(state)).map(({ run }) => run.index)).toEqual([2, 3, 4, 6, 7]);
  expect(await readdir(folder.root, { recursive: true })).toEqual(files);
  await lock.release();
  expect((await statusOf()).runs[1]!.state).toBe('interrupted');
});

it('forgets a failure when told to, and the folder of a run that never began with it', async () => {
  const [, , , , failed, refused] = manifest.runs;
  for (const run of [failed!, refused!]) await clearFailure(folder, run);
  expect((await statusOf()).runs.map(({ state }) => state).slice(4, 6)).toEqual(['waiting', 'waiting']);
  expect(await readdir(folder.runsFolder)).not.toContain(refused!.name);
});

it('sums a history up without a validation, and without an epoch', () => {
  expect(summarizeHistory(historyCsv([record(1, undefined, 2), record(2, undefined, 3)]))).toEqual({
    epochs: 2,
    bestDice: null,
    seconds: 5,
  });
  expect(summarizeHistory(historyCsv([]))).toEqual({ epochs: 0, bestDice: null, seconds: 0 });
});
