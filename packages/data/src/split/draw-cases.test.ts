import { OptionError } from '@interseg/errors';
import { describe, expect, it } from 'vitest';
import { drawLabelled, drawUnlabelled } from './draw-cases.ts';
import type { Split } from './split.ts';

const cases = (count: number, perPatient = 1): { id: string; patient: string }[] =>
  Array.from({ length: count }, (_, index) => ({ id: `c${index}`, patient: `p${Math.floor(index / perPatient)}` }));

describe('drawLabelled', () => {
  // Two cases of each patient.
  const dataset = { cases: cases(14, 2), unlabelled: [{ id: 'u0', patient: 'q0' }] };
  const split: Split = { train: cases(10, 2).map(({ id }) => id), validation: ['c10', 'c11'], test: ['c12', 'c13'] };
  const draw = (count: number | 'all', seed = 1): Split => drawLabelled(dataset, split, { count, seed });
  const patientsOf = (ids: readonly string[]): number[] => ids.map((id) => Math.floor(Number(id.slice(1)) / 2));

  it('keeps patients whole, by the seed, and more for a larger number', () => {
    for (const count of [1, 2, 4]) {
      const { train, validation, test } = draw(count);
      expect(train).toHaveLength(2 * count);
      expect(new Set(patientsOf(train)).size).toBe(count);
      expect(draw(count + 1).train).toEqual(expect.arrayContaining(train));
      expect({ validation, test }).toEqual({ validation: split.validation, test: split.test });
    }
    expect(draw(2)).toEqual(draw(2));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => draw(2, seed).train.join())).size).toBeGreaterThan(5);
    const reversed = { ...split, train: split.train.toReversed() };
    expect(drawLabelled(dataset, reversed, { count: 2, seed: 1 }).train.sort()).toEqual(draw(2).train);
  });

  it('leaves the images of the others to be drawn without labels, beside those that there are', () => {
    const few = draw(2);
    expect(few.unlabelled).toEqual([...split.train.filter((id) => !few.train.includes(id)), 'u0']);
    expect(drawUnlabelled(dataset, few, { count: 'all' })).toEqual(few.unlabelled);
    const named = drawLabelled(dataset, { ...split, unlabelled: [] }, { count: 2, seed: 1 });
    expect(named.unlabelled).toEqual(few.unlabelled!.filter((id) => id !== 'u0'));
  });

  it('changes nothing where all are wanted, and refuses more than there are', () => {
    expect(draw('all')).toEqual(split);
    expect(draw(5).train).toEqual(split.train);
    expect(() => draw(6)).toThrow(OptionError);
    expect(() => draw(6)).toThrow('The option labelled is 6, but 5 patients are for training; expected at most 5.');
    const one = { ...split, train: ['c0'] };
    expect(() => drawLabelled(dataset, one, { count: 2 })).toThrow('1 patient is for training; expected at most 1.');
  });
});

describe('drawUnlabelled', () => {
  const unlabelled = [...Array(6).keys()].map((index) => ({ id: `u${index}`, patient: `q${index}` }));
  // Another scan of the patient of c1, who is tested on, and of the patient of c0, who is trained on.
  const scans = [{ id: 'v0', patient: 'p1' }, ...unlabelled, { id: 'v1', patient: 'p0' }];
  const dataset = { cases: cases(3), unlabelled: scans };
  const split: Split = { train: ['c0'], validation: [], test: ['c1'] };

  it('draws by the seed, and more cases for a larger number', () => {
    const draw = (count: number | 'all', seed = 1): string[] => drawUnlabelled(dataset, split, { count, seed });
    expect(draw('all')).toEqual(['u0', 'u1', 'u2', 'u3', 'u4', 'u5', 'v1']);
    expect(draw(3)).toHaveLength(3);
    expect(draw(3)).toEqual(draw(3));
    expect(draw(5)).toEqual(expect.arrayContaining(draw(3)));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => draw(3, seed).join())).size).toBeGreaterThan(5);
    const reversed = { ...dataset, unlabelled: scans.toReversed() };
    expect(drawUnlabelled(reversed, split, { count: 3, seed: 1 })).toEqual(draw(3));
  });

  it('draws from what the split names', () => {
    const named = { ...split, unlabelled: ['u4', 'c2', 'u1'] };
    expect(drawUnlabelled(dataset, named, { count: 'all' })).toEqual(['c2', 'u1', 'u4']);
    expect(drawUnlabelled(dataset, named, { count: 2 })).toHaveLength(2);
  });

  it('refuses more cases than there are', () => {
    expect(() => drawUnlabelled(dataset, split, { count: 8 })).toThrow(
      'The option unlabelled is 8, but there are 7 cases without labels of patients who are not for validation or test; expected at most 7.',
    );
    const without = { ...dataset, unlabelled: [scans[0]!] };
    for (const count of [1, 'all'] as const) {
      expect(() => drawUnlabelled(without, split, { count })).toThrow(OptionError);
      expect(() => drawUnlabelled(without, split, { count })).toThrow('there are 0 cases without labels');
    }
  });
});
