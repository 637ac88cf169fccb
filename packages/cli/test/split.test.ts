import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantoms, openDataset, readSplit, splitCases, type Split } from '@interseg/data';
import { beforeAll, describe, expect, it } from 'vitest';
import { intersegHere, temporaryFolder } from './support.ts';

const folder = await temporaryFolder();
const data = join(folder, 'phantoms');
const out = join(folder, 'split.json');

const read = async (path: string): Promise<Split> => JSON.parse(await readFile(path, 'utf8')) as Split;

/** Runs `data split` on the phantoms with more options. */
const split = (...more: string[]) => intersegHere('data', 'split', '--data', data, '--out', out, ...more);

beforeAll(async () => {
  await generatePhantoms(data, {
    patients: 10,
    shape: [16, 16, 6],
    spacing: [10, 10, 20],
    objects: { count: [1, 1], radius: [20, 30] },
  });
});

describe('data split', () => {
  it('writes what a run with the same seed would draw', async () => {
    const { status, stdout, stderr } = await split();
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/split\.json +7 +1 +2/);
    const first = await read(out);
    expect([first.train.length, first.validation.length, first.test.length]).toEqual([7, 1, 2]);
    const { cases } = await openDataset(data);
    expect(first).toEqual(splitCases(cases, { fractions: [0.7, 0.1, 0.2], seed: 1 }));
    // What --split of a run reads.
    expect(await readSplit(out, cases)).toEqual(first);
    const document = JSON.parse((await split('--seed', '2', '--fractions', '0.5,0,0.5', '--json')).stdout) as unknown;
    expect(document).toEqual({
      data,
      fractions: [0.5, 0, 0.5],
      seed: 2,
      splits: [{ file: out, train: 5, validation: 0, test: 5 }],
    });
    expect((await read(out)).test).not.toEqual(first.test);
  });

  it('writes a file for each fold, or the one that is wanted', async () => {
    expect((await split('--folds', '5')).status).toBe(0);
    const files = [0, 1, 2, 3, 4].map((fold) => join(folder, `split-fold${fold}.json`));
    const folds = await Promise.all(files.map(read));
    expect(folds.map(({ test }) => test.length)).toEqual([2, 2, 2, 2, 2]);
    expect(new Set(folds.flatMap(({ test }) => test)).size).toBe(10);
    expect((await split('--folds', '5', '--fold', '3')).status).toBe(0);
    expect(await read(out)).toEqual(folds[3]);
  });

  it('spreads sizes over the parts on request', async () => {
    const { stdout, stderr } = await split('--stratify', 'size', '--fractions', '0.5,0,0.5', '--json');
    expect(stderr).toContain('reading 10 label maps');
    const { splits } = JSON.parse(stdout) as { splits: { meanObjectVolume: Record<string, number | null> }[] };
    const { train, validation, test } = splits[0]!.meanObjectVolume;
    expect(validation).toBeNull();
    // Radii from 20 to 30 mm: volumes from 33510 to 113097 mm³, of which every part has small and large ones.
    for (const mean of [train!, test!]) expect(mean).toBeGreaterThan(33510);
    expect(Math.abs(train! - test!)).toBeLessThan(0.25 * train!);
    expect((await split('--stratify', 'size')).stdout).toMatch(/train ml +validation ml +test ml\n/);
  });

  it.each([
    [['--folds', '11'], /The option folds is 11, expected a whole number from 2 to the number of patients, 10\./],
    [['--folds', '1'], /--folds: found '1'/],
    [['--fold', '1'], /The option folds is undefined/],
    [['--fractions', '0.5,0.5,0.5'], /fractions/],
    [['--stratify', 'colour'], /--stratify: found 'colour', expected size\./],
  ])('refuses %j', async (more, message) => {
    const { status, stdout, stderr } = await split(...more);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
