import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/handmade.ts';
import { DataError } from '../errors.ts';
import { readSplit, writeSplit } from './split-file.ts';
import { splitCases, type Split } from './split.ts';

const cases = (count: number, perPatient = 1): { id: string; patient: string }[] =>
  Array.from({ length: count }, (_, index) => ({ id: `c${index}`, patient: `p${Math.floor(index / perPatient)}` }));
const sizes = ({ train, validation, test }: Split): number[] => [train.length, validation.length, test.length];

describe('splitCases', () => {
  it.each([
    [1, [1, 0, 0]],
    [2, [1, 0, 1]],
    [3, [1, 1, 1]],
    [4, [2, 1, 1]],
    [5, [3, 1, 1]],
    [10, [7, 1, 2]],
    [20, [14, 2, 4]],
    [335, [235, 33, 67]],
  ])('%i patients at 70/10/20', (count, expected) => {
    // 335: 234.5, 33.5 and 67 patients; the first of the equal remainders is training's.
    expect(sizes(splitCases(cases(count)))).toEqual(expected);
  });

  it('puts every case in one part and no patient in two, whatever the order and the number of cases', () => {
    const patients = fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 30 });
    fc.assert(
      fc.property(patients, fc.integer(), (owners, seed) => {
        const list = owners.map((owner, index) => ({ id: `case${index}`, patient: `patient${owner}` }));
        const split = splitCases(list, { seed });
        const all = [...split.train, ...split.validation, ...split.test];
        expect(all.sort()).toEqual(list.map(({ id }) => id).sort());
        const patientsOf = (ids: string[]): Set<string> =>
          new Set(ids.map((id) => list.find((item) => item.id === id)!.patient));
        const parts = [split.train, split.validation, split.test].map(patientsOf);
        const total = new Set(list.map(({ patient }) => patient)).size;
        expect(parts[0]!.size + parts[1]!.size + parts[2]!.size).toBe(total);
        if (total >= 2) expect(Math.min(split.train.length, split.test.length)).toBeGreaterThan(0);
        if (total >= 3) expect(split.validation.length).toBeGreaterThan(0);
        expect(splitCases([...list].reverse(), { seed })).toEqual(split);
      }),
      { seed: 1 },
    );
  });

  it('depends on the seed, and is the same on every machine', () => {
    expect(splitCases(cases(10), { seed: 1 })).toEqual({
      train: ['c1', 'c2', 'c4', 'c5', 'c6', 'c8', 'c9'],
      validation: ['c0'],
      test: ['c3', 'c7'],
    });
    expect(splitCases(cases(10), { seed: 2 })).not.toEqual(splitCases(cases(10), { seed: 1 }));
  });

  it('leaves a part empty when its fraction is 0, and refuses other sums', () => {
    expect(sizes(splitCases(cases(10), { fractions: [0.8, 0, 0.2] }))).toEqual([8, 0, 2]);
    expect(sizes(splitCases(cases(3), { fractions: [1, 0, 0] }))).toEqual([3, 0, 0]);
    for (const fractions of [
      [0.7, 0.1, 0.1],
      [0, 0.5, 0.5],
      [1.2, -0.1, -0.1],
      [NaN, 0, 1],
    ] as const) {
      expect(() => splitCases(cases(3), { fractions })).toThrow(DataError);
    }
  });
});

describe('split files', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'split.json');

  it('are written and read', async () => {
    const split = splitCases(cases(10), { seed: 4 });
    await writeSplit(path, split);
    expect(Object.keys(JSON.parse(await readFile(path, 'utf8')) as object)).toEqual(['train', 'validation', 'test']);
    expect(await readSplit(path, cases(10))).toEqual(split);
  });

  it.each([
    [{ train: ['c0'], validation: [], test: ['zzz'] }, /"test" names "zzz"/],
    [{ train: ['c0'], validation: [], test: ['c0'] }, /the case c0 is in "train" and "test"/],
    [{ train: ['c0', 'c0'], validation: [], test: [] }, /the case c0 is in "train" and "train"/],
    [{ train: ['c0'], validation: [], test: ['c1'] }, /the patient p0 are in "train" and "test"/],
    [{ train: ['c0'], test: [] }, /"validation" is nothing/],
    [{ train: [1], validation: [], test: [] }, /"train" names 1/],
    [{ train: [], validation: ['c0'], test: [] }, /"train" is empty/],
  ])('are refused when they say %j', async (content, message) => {
    await writeFile(path, JSON.stringify(content));
    const attempt = readSplit(path, cases(4, 2));
    await expect(attempt).rejects.toThrow(DataError);
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toThrow(path);
  });
});
