import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { OptionError, DataError } from '@interseg/errors';
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
      expect(() => splitCases(cases(3), { fractions })).toThrow(OptionError);
    }
  });
});

describe('splitCases by folds', () => {
  it('has every patient in the test part of exactly one fold', () => {
    const arbitrary = fc.record({
      owners: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 8, maxLength: 30 }),
      folds: fc.integer({ min: 2, max: 5 }),
      seed: fc.integer(),
      isStratified: fc.boolean(),
    });
    fc.assert(
      fc.property(arbitrary, ({ owners, folds, seed, isStratified }) => {
        const list = owners.map((owner, index) => ({ id: `case${index}`, patient: `patient${owner}` }));
        const patientOf = new Map(list.map(({ id, patient }) => [id, patient]));
        const total = new Set(owners).size;
        fc.pre(total >= folds);
        const sizes = isStratified ? new Map(list.map(({ id }, index) => [id, (index * 7) % 5])) : undefined;
        const splits = Array.from({ length: folds }, (_, fold) => splitCases(list, { folds, fold, seed, sizes }));
        expect(splits.flatMap(({ test }) => test).sort()).toEqual(list.map(({ id }) => id).sort());
        const counts = splits.map(({ test }) => new Set(test.map((id) => patientOf.get(id))).size);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        for (const [fold, split] of splits.entries()) {
          const parts = [split.train, split.validation, split.test].map(
            (ids) => new Set(ids.map((id) => patientOf.get(id))),
          );
          expect(parts.reduce((sum, part) => sum + part.size, 0)).toBe(total);
          expect(parts[0]!.size).toBeGreaterThan(0);
          expect(split.train.length + split.validation.length + split.test.length).toBe(list.length);
          expect(splitCases([...list].reverse(), { folds, fold, seed, sizes })).toEqual(split);
        }
      }),
      { seed: 1 },
    );
  });

  it('takes for validation what the fractions say of the others: with five folds the parts of 70/10/20', () => {
    expect(sizes(splitCases(cases(20), { folds: 5, fold: 2 }))).toEqual([14, 2, 4]);
    expect(sizes(splitCases(cases(20), { folds: 5, fold: 4, fractions: [1, 0, 0] }))).toEqual([16, 0, 4]);
    expect(sizes(splitCases(cases(20), { folds: 4, fold: 0, fractions: [0.4, 0.4, 0.2] }))).toEqual([7, 8, 5]);
    expect(sizes(splitCases(cases(2), { folds: 2, fold: 0 }))).toEqual([1, 0, 1]);
  });

  it('refuses folds that there are not', () => {
    for (const bad of [{ folds: 1, fold: 0 }, { folds: 4, fold: 0 }, { folds: 2.5, fold: 0 }, { fold: 0 }]) {
      expect(() => splitCases(cases(3), bad)).toThrow(/The option folds is .*, expected .* from 2 .* patients, 3\.$/);
    }
    for (const fold of [-1, 3, 0.5, undefined]) {
      expect(() => splitCases(cases(9), { folds: 3, fold })).toThrow(/The option fold is .* from 0 to 2\.$/);
    }
  });
});

describe('splitCases by size', () => {
  /** Twenty patients, c0 the smallest. */
  const bySize = new Map(cases(20).map(({ id }, index) => [id, index + 0.5]));
  const number = (id: string): number => Number(id.slice(1));

  it('draws the test and validation patients evenly over the sizes', () => {
    for (let seed = 0; seed < 20; seed++) {
      const split = splitCases(cases(20), { sizes: bySize, seed });
      expect(sizes(split)).toEqual([14, 2, 4]);
      // One of each quarter: 0 to 4, 5 to 9, …
      expect(split.test.map((id) => Math.floor(number(id) / 5)).sort()).toEqual([0, 1, 2, 3]);
      // One of each half of the other 16.
      const others = [...split.train, ...split.validation].map(number).sort((a, b) => a - b);
      const halves = split.validation.map((id) => Math.floor(others.indexOf(number(id)) / 8));
      expect(halves.sort()).toEqual([0, 1]);
    }
    const drawn = Array.from({ length: 20 }, (_, seed) => splitCases(cases(20), { sizes: bySize, seed }).test.join());
    expect(new Set(drawn).size).toBeGreaterThan(10);
  });

  it('gives every fold one patient of each run', () => {
    for (let fold = 0; fold < 5; fold++) {
      const { test } = splitCases(cases(20), { sizes: bySize, folds: 5, fold, seed: 3 });
      expect(test.map((id) => Math.floor(number(id) / 5)).sort()).toEqual([0, 1, 2, 3]);
    }
  });

  it('takes the mean of a patient with several cases, and needs a size of every case', () => {
    // Patients: p0 (0, 20), p1 (1, 2), p2 (6, 5), p3 (9, 9): means 10, 1.5, 5.5, 9. Two for the test: one of each half.
    const list = cases(8, 2);
    const values = [0, 20, 1, 2, 6, 5, 9, 9];
    const given = new Map(list.map(({ id }, index) => [id, values[index]!]));
    const halves = { p0: 1, p1: 0, p2: 0, p3: 1 } as Record<string, number>;
    for (let seed = 0; seed < 10; seed++) {
      const { test } = splitCases(list, { sizes: given, seed, fractions: [0.5, 0, 0.5] });
      const patients = new Set(test.map((id) => list.find((one) => one.id === id)!.patient));
      expect([...patients].map((patient) => halves[patient]).sort()).toEqual([0, 1]);
    }
    given.delete('c3');
    expect(() => splitCases(list, { sizes: given })).toThrow(
      'The option sizes has nothing for the case c3, expected a number.',
    );
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

  it('may name cases whose images alone are trained on', async () => {
    const unlabelled = [
      { id: 'u0', patient: 'q0' },
      { id: 'u1', patient: 'p1' },
    ];
    // The other scan of a patient with labels is no secret, and a labelled case may be used without its labels.
    const split = { train: ['c0', 'c2'], validation: [], test: ['c4'], unlabelled: ['c3', 'u0', 'u1'] };
    await writeSplit(path, split);
    expect(await readSplit(path, cases(6, 2), unlabelled)).toEqual(split);
    await expect(readSplit(path, cases(6, 2))).rejects.toThrow('"unlabelled" names "u0", expected the id of a case.');
    await writeSplit(path, { ...split, unlabelled: ['c5'] });
    await expect(readSplit(path, cases(6, 2))).rejects.toThrow('the patient p2 are in "test" and "unlabelled"');
    await writeSplit(path, { ...split, unlabelled: ['c0'] });
    await expect(readSplit(path, cases(6, 2))).rejects.toThrow('the case c0 is in "train" and "unlabelled"');
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
