import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantoms } from '@interseg/data';
import { parseHistoryCsv, type EpochRecord } from '@interseg/training';
import { beforeAll, describe, expect, it } from 'vitest';
import { interseg, json, temporaryFolder } from './support.ts';

const folder = await temporaryFolder();
const data = join(folder, 'phantoms');

/** Three patients with labels, of whom one is for validation, and twelve without. */
beforeAll(async () => {
  await generatePhantoms(data, {
    patients: 3,
    unlabelled: 12,
    shape: [32, 32, 8],
    spacing: [5, 5, 6],
    objects: { count: [1, 2], radius: [12, 20] },
    seed: 4,
  });
});

const flags = [
  '--no-planned',
  '--engine',
  'wasm',
  '--threads',
  '1',
  '--size',
  '32',
  '--filters',
  '4,8,16',
  '--batch',
  '4',
];
const settings = [...flags, '--epochs', '5', '--augmentation', 'full', '--fractions', '0.67,0.33,0'];

async function history(out: string): Promise<EpochRecord[]> {
  const records = parseHistoryCsv(await readFile(join(folder, out, 'history.csv'), 'utf8'));
  return records.map((record) => ({ ...record, seconds: 0 }));
}

describe.each([
  ['tw-unet', ['--unlabelled', '12', '--pretrain', 'reconstruction', '--pretrain-epochs', '2', '--beta', '1']],
  ['twae-unet', ['--unlabelled', 'all', '--consistency', '2', '--average-weights', '0.9', '--unlabelled-ratio', '2']],
])('%s with twelve cases without labels', (variant, options) => {
  const commandLine = (out: string): string[] => {
    return ['train', '--data', data, '--out', join(folder, out), '--variant', variant, ...settings, ...options];
  };

  it('learns to reconstruct them, and goes on after an interruption as if nothing had been', async () => {
    const [whole, broken] = [`${variant}-whole`, `${variant}-broken`];
    await json(commandLine(whole));
    const records = await history(whole);
    expect(records).toHaveLength(5);
    const losses = records.map(({ lossReconstructionUnlabelled }) => lossReconstructionUnlabelled!);
    expect(losses[4]).toBeLessThan(losses[0]! - 0.005);
    if (options.includes('--consistency')) expect(records[4]!.lossConsistency).toBeGreaterThan(0);

    const interrupted = await interseg(commandLine(broken), { signalAt: { signal: 'SIGINT', after: 'epoch 2/' } });
    expect(interrupted.status, interrupted.stderr).toBe(130);
    await json(['resume', join(folder, broken)]);
    expect(await history(broken)).toEqual(records);
    const weights = (out: string) => readFile(join(folder, out, 'model', 'weights.bin'));
    expect((await weights(broken)).equals(await weights(whole))).toBe(true);
  });
});
