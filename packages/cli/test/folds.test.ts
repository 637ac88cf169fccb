import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantoms, openDataset, type Split } from '@interseg/data';
import { beforeAll, expect, it } from 'vitest';
import { interseg, intersegHere, json, temporaryFolder, tiny } from './support.ts';

const folder = await temporaryFolder();
const data = join(folder, 'phantoms');
const out = join(folder, 'folds');
const command = ['train', '--data', data, '--variant', 'unet', ...tiny, '--epochs', '2', '--folds', '2', '--out', out];

beforeAll(async () => {
  await generatePhantoms(data, {
    patients: 5,
    shape: [32, 32, 4],
    spacing: [5, 5, 10],
    objects: { count: [1, 1], radius: [12, 20] },
  });
});

it('trains folds, goes on after Ctrl-C, and predicts with all of them', { timeout: 180_000 }, async () => {
  const first = await interseg(command, { signalAt: { signal: 'SIGINT', after: 'fold 2/2' } });
  expect([first.status, first.stderr]).toEqual([130, expect.stringContaining(`continue with: interseg resume ${out}`)]);

  const { status, stdout, stderr } = await interseg(['resume', out]);
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('fold 1/2')]);
  expect(stdout).toMatch(/^fold 1 +2 +\d/m);
  expect(stdout).toMatch(/^test, all folds/m);
  const { summary } = await json<{ summary: { folds: unknown[] } }>(command);
  expect(summary).toEqual(JSON.parse(await readFile(join(out, 'summary.json'), 'utf8')));

  const { splits } = JSON.parse(await readFile(join(out, 'folds.json'), 'utf8')) as { splits: Split[] };
  const [test] = (await openDataset(data)).cases.filter(({ id }) => splits[0]!.test.includes(id));
  const mask = join(folder, 'mask.nii.gz');
  await json(['predict', '--model', out, '--input', test!.images[0]!, '--output', mask, '--engine', 'wasm']);
  expect(await readFile(mask)).toEqual(await readFile(join(out, 'predictions', `${test!.id}.nii.gz`)));
});

it('refuses numbers of folds that make no sense', async () => {
  const refusal = async (folds: string) =>
    (await intersegHere('train', '--data', data, '--folds', folds, '--out', join(folder, 'none'))).stderr;
  for (const folds of ['1', '2.5', 'many']) {
    expect(await refusal(folds)).toMatch(/Expected a whole number of at least 2/);
  }
});
