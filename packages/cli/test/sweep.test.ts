import { readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantoms } from '@interseg/data';
import type { SweepManifest } from '@interseg/experiments';
import { beforeAll, describe, expect, it } from 'vitest';
import { historyOf } from './run-folder.ts';
import { interseg, intersegHere, temporaryFolder } from './support.ts';

const folder = await temporaryFolder();
const data = join(folder, 'phantoms');
const out = join(folder, 'sweep');
const tiny = ['--filters', '2,4', '--size', '16', '--engine', 'wasm', '--threads', '1', '--learning-rate', '0.01'];
const settings = [...tiny, '--data', data, '--epochs', '3', '--batch', '2', '--fractions', '0.4,0.2,0.4'];
const plan = (...words: string[]) => intersegHere('sweep', 'plan', '--out', out, ...settings, ...words);
const run = (index: number) => ['sweep', 'run', out, '--index', String(index)];
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
    const both = await Promise.all([interseg(run(2)), interseg(run(2))]);
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
    await rm(join(foreign, 'metrics.json'));
    const other = await interseg(run(3));
    expect([other.status, other.stderr]).toEqual([2, expect.stringMatching(/other settings .* run 3 of the sweep/)]);
  });
});
