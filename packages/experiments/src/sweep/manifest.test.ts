import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataSet, Split } from '@interseg/data';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { extendManifest, readManifest, runOfIndex } from './manifest.ts';
import { digestOfRun, digestOfSplit } from './run-digest.ts';
import { comparisonConfiguration, configurationOfRun, type ComparisonConfiguration } from './sweep-configuration.ts';
import { comparisonFolder, type ComparisonFolder } from './sweep-folder.ts';

let folder: ComparisonFolder;
const split: Split = { train: ['a', 'b'], validation: ['c'], test: ['d'] };
const splits = new Map<number | undefined, Split>([[undefined, split]]);
const cases = ['a', 'b', 'c', 'd'].map((id) => ({ id, patient: id })) as unknown as DataSet['cases'];
const dataset = { cases, unlabelled: [] };
for (const fold of [1, 2, 3]) splits.set(fold, { ...split, test: [`d${fold}`] });

beforeAll(async () => {
  folder = comparisonFolder(await temporaryFolder());
});

function settings(changes: Partial<ComparisonConfiguration> = {}): ComparisonConfiguration {
  return comparisonConfiguration.parse({ data: 'data', variants: ['unet', 'twi-unet'], seeds: [1], ...changes });
}

describe('a manifest', () => {
  const manifestOf = (configuration: ComparisonConfiguration, before = {}) =>
    extendManifest(before, configuration, { folder, dataset, splits });

  it('has each variant with each of the settings, seed and fold once', () => {
    const { id, runs } = manifestOf(settings({ settings: ['none', 'lambda=1'], seeds: [1, 2], folds: 3 }));
    expect(id).toMatch(/^[0-9a-f]{8}$/);
    expect(runs.map(({ index }) => index)).toEqual(Array.from({ length: 24 }, (_, index) => index));
    expect(new Set(runs.map(({ name }) => name)).size).toBe(24);
    expect(new Set(runs.map(({ digest }) => digest)).size).toBe(24);
    expect(runs.slice(0, 5).map(({ name }) => name)).toEqual([
      'unet-seed1-fold1',
      'twi-unet-seed1-fold1',
      'unet+lambda=1-seed1-fold1',
      'twi-unet+lambda=1-seed1-fold1',
      'unet-seed1-fold2',
    ]);
  });

  it('keeps the id and every run in its place, whatever is added in whichever order', () => {
    const axes = fc.record({
      variants: fc.shuffledSubarray(['unet', 'twi-unet', 'sae-unet', 'unet+filters=2/4'], { minLength: 1 }),
      settings: fc.shuffledSubarray(['none', 'lambda=1', 'alpha=2+lambda=3'], { minLength: 1 }),
      seeds: fc.shuffledSubarray([1, 2, 3, 4], { minLength: 1 }),
    });
    fc.assert(
      fc.property(axes, fc.func(fc.boolean()), (all, isFirst) => {
        const part = <T>(list: readonly T[]): T[] => list.filter((value, place) => place === 0 || isFirst(value));
        const some = { variants: part(all.variants), settings: part(all.settings), seeds: part(all.seeds) };
        const before = manifestOf(settings(some));
        const after = manifestOf(settings(all), before);
        expect(after.id).toBe(before.id);
        expect(after.runs.slice(0, before.runs.length)).toEqual(before.runs);
        const { length } = after.runs;
        expect(length).toBe(all.variants.length * all.settings.length * all.seeds.length);
        expect(new Set(after.runs.map(({ name }) => name)).size).toBe(length);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it('gives runs of an earlier version, which have a variant and a seed, their indices in that order', () => {
    const runs = [
      { variant: 'twi-unet', seed: 1 },
      { variant: 'unet', seed: 1 },
    ];
    const manifest = manifestOf(settings({ seeds: [1, 2] }), { runs });
    expect(manifest.runs.map(({ name }) => name)).toEqual([
      'twi-unet-seed1',
      'unet-seed1',
      'unet-seed2',
      'twi-unet-seed2',
    ]);
    expect(manifest.runs[1]!.digest).toBe(manifestOf(settings()).runs[0]!.digest);
  });

  it('has for a run with the labels of some patients the digest of the cases that its seed draws', () => {
    const configuration = settings({
      variants: ['unet+labelled=1', 'unet'],
      seeds: Array.from({ length: 20 }, (_, i) => i),
    });
    const trained = new Set<string>();
    for (const { variant, seed, digest } of manifestOf(configuration).runs) {
      const run = configurationOfRun(configuration, { variant, seed }, '');
      const found = [['a'], ['b'], ['a', 'b']].filter(
        (train) => digestOfRun(run, digestOfSplit({ ...split, train })) === digest,
      );
      expect(found).toHaveLength(1);
      expect(found[0]).toHaveLength(variant === 'unet' ? 2 : 1);
      trained.add(found[0]!.join());
    }
    expect([...trained].sort()).toEqual(['a', 'a,b', 'b']);
  });

  it('refuses entries whose runs would have one folder', () => {
    const variants = ['unet+filters=2/4', 'unet+filters=2_4'];
    expect(() => manifestOf(settings({ variants }))).toThrow(
      /whose runs would have one folder, unet\+filters=2_4-seed1/,
    );
  });

  it('is read back, and nothing else is', async () => {
    const at = comparisonFolder(join(await temporaryFolder(), 'sweep'));
    await expect(readManifest(at)).rejects.toThrow("expected a sweep that 'interseg sweep plan' has written");
    await mkdir(at.root);
    const manifest = manifestOf(settings({ folds: 3 }));
    await writeFile(at.runs, JSON.stringify(manifest));
    expect(await readManifest(at)).toEqual(manifest);
    expect(runOfIndex(manifest, 3)).toMatchObject({ variant: 'twi-unet', fold: 2 });
    expect(() => runOfIndex(manifest, 6)).toThrow('The index is 6, expected that of a run of the sweep, from 0 to 5.');
    const [first, second] = manifest.runs;
    await writeFile(at.runs, JSON.stringify({ ...manifest, runs: [second, first] }));
    await expect(readManifest(at)).rejects.toThrow('expected the manifest of a sweep');
    await writeFile(at.runs, JSON.stringify({ runs: [{ variant: 'unet', seed: 1 }] }));
    await expect(readManifest(at)).rejects.toThrow('completes that of an earlier version');
  });
});

describe('the digest of a run', () => {
  const configuration = configurationOfRun(settings({ learningRate: 0.01 }), { variant: 'unet', seed: 1 }, '');
  const digest = (changes = {}, of = split): string => digestOfRun({ ...configuration, ...changes }, digestOfSplit(of));

  it('changes with what decides the result', () => {
    for (const changes of [
      { seed: 2 },
      { epochs: 3 },
      { learningRate: 0.02 },
      { variant: 'twi-unet' },
      { filters: [2, 4] },
    ]) {
      expect(digest(changes)).not.toBe(digest());
    }
    expect(digest({}, { ...split, test: ['c'], validation: ['d'] })).not.toBe(digest());
  });

  it('does not change with where the work is done, nor with the order of cases', () => {
    const elsewhere = { data: '/mnt/data', split: '/mnt/split.json', cache: '/scratch', workers: 3, engine: 'native' };
    expect(digest(elsewhere)).toBe(digest());
    expect(digest({}, { ...split, train: ['b', 'a'] })).toBe(digest());
  });

  it('does not know of options that have their defaults', () => {
    const { normalization, ...without } = configuration;
    expect(normalization).toBeDefined();
    expect(digestOfRun(without as typeof configuration, digestOfSplit(split))).toBe(digest());
  });
});
