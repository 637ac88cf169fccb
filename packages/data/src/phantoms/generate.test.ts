import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OptionError } from '@interseg/errors';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { inspect } from '../inspection/inspect.ts';
import type { DataSet } from '../dataset.ts';
import { readCase } from '../cases/read-case.ts';
import { generatePhantoms } from './generate.ts';

const root = await temporaryFolder();
const options = {
  patients: 2,
  unlabelled: 1,
  shape: [40, 44, 14],
  spacing: [4, 4, 8],
  classes: ['bright', 'dark'],
  channels: ['T1', 'T2'],
  objects: [
    { count: [2, 2], radius: [9, 9] },
    { count: [1, 3], radius: [10, 14] },
  ],
  seed: 7,
} as const;
interface Listed {
  class: string;
  center: number[];
  radius: number;
}
const median = (list: ArrayLike<number>): number => Array.from(list).sort((a, b) => a - b)[list.length >> 1]!;
let dataset: DataSet;
let objects: Record<string, Listed[]>;

beforeAll(async () => {
  dataset = await generatePhantoms(join(root, 'set'), options);
  objects = JSON.parse(await readFile(join(root, 'set/objects.json'), 'utf8')) as Record<string, Listed[]>;
});

describe('generatePhantoms', () => {
  it('writes an MSD folder that all our reading accepts, with every class in every patient', async () => {
    expect(dataset).toMatchObject({ channels: ['T1', 'T2'], modality: 'mr' });
    expect(dataset.cases.map(({ id }) => id)).toEqual(['phantom_001', 'phantom_002']);
    expect(dataset.unlabelled.map(({ id }) => id)).toEqual(['phantom_003']);
    const { cases } = await inspect(dataset);
    for (const report of cases) {
      expect(report).toMatchObject({ shape: [40, 44, 14], spacing: [4, 4, 8], orientation: 'RAS', problems: [] });
    }
    expect(cases.map(({ classes }) => classes?.every(({ voxels }) => voxels > 0))).toEqual([true, true, undefined]);
  });

  it('has objects of the size that was asked for', async () => {
    const { cases } = await inspect(dataset);
    for (const { id, classes } of cases.slice(0, 2)) {
      expect(objects[id]!.filter((item) => item.class === 'bright')).toHaveLength(2);
      classes!.forEach(({ name, volume }) => {
        const expected = objects[id]!.filter((item) => item.class === name).reduce(
          (sum, { radius }) => sum + (4 / 3) * Math.PI * radius ** 3,
          0,
        );
        // An object is two to seven dozen voxels; of those at its border more are less than half full.
        expect(volume / expected).toBeGreaterThan(0.7);
        expect(volume / expected).toBeLessThan(1.1);
      });
    }
  });

  it('gives objects a contrast that is there, but no threshold finds', async () => {
    for (const item of dataset.cases) {
      const { channels, labels } = await readCase(dataset, item);
      const mean = (channel: number, value: number): number => {
        const chosen = channels[channel]!.filter((_, index) => labels![index] === value);
        return chosen.reduce((a, b) => a + b, 0) / chosen.length;
      };
      expect(mean(0, 1)).toBeGreaterThan(1.25 * mean(0, 2));
      expect(mean(1, 2)).toBeGreaterThan(1.25 * mean(1, 1));
      // Far more voxels outside are brighter than the typical bright object than there are in it.
      const bright = mean(0, 1);
      const outside = channels[0]!.filter((value, index) => labels![index] === 0 && value > 0.9 * bright).length;
      expect(outside).toBeGreaterThan(labels!.filter((value) => value === 1).length);
    }
  });

  it('is the same for the same seed, and a patient the same however many there are', async () => {
    await generatePhantoms(join(root, 'again'), { ...options, patients: 1, unlabelled: 0 });
    await generatePhantoms(join(root, 'other'), { ...options, patients: 1, unlabelled: 0, seed: 8 });
    const image = (name: string): Promise<Buffer> => readFile(join(root, name, 'imagesTr/phantom_001.nii.gz'));
    expect((await image('again')).equals(await image('set'))).toBe(true);
    expect((await image('other')).equals(await image('set'))).toBe(false);
    expect(await readdir(join(root, 'again/imagesTr'))).toEqual(['phantom_001.nii.gz']);
  });

  it('labels even an object that is smaller than a voxel', async () => {
    const tiny = await generatePhantoms(join(root, 'tiny'), {
      ...options,
      patients: 1,
      objects: { count: [3, 3], radius: [1.5, 1.5] },
    });
    const [report] = (await inspect(tiny)).cases;
    expect(report!.classes!.map(({ voxels }) => voxels)).toEqual([3, 3]);
  });

  it('makes CT in Hounsfield units: air, bone, and objects as far above the brain as was asked for', async () => {
    const ct = await generatePhantoms(join(root, 'ct'), {
      ...options,
      modality: 'ct',
      channels: undefined,
      classes: ['lesion'],
      objects: { count: [2, 2], radius: [10, 12] },
      contrast: 0.5,
      noise: 0.05,
    });
    expect(ct).toMatchObject({ channels: ['CT'], modality: 'ct' });
    const { channels, labels } = await readCase(ct, ct.cases[0]!);
    const image = channels[0]!;
    expect(median(image.filter((value) => value < -500))).toBeCloseTo(-1000, -1);
    expect(image.filter((value) => value > 700).length).toBeGreaterThan(100);
    const brain = image.filter((value, index) => labels![index] === 0 && value > 15 && value < 55);
    const lesion = image.filter((_, index) => labels![index] === 1);
    // 50 HU above 30 (white) or 38 (grey) HU, less what partly covered voxels lack.
    expect(median(lesion) - median(brain)).toBeGreaterThan(35);
    expect(median(lesion) - median(brain)).toBeLessThan(60);
  });

  it('makes distractors that look like objects in a slice: discs in one slice, vessels through all', async () => {
    const brightSlices = async (shape: 'disc' | 'vessel'): Promise<number[][]> => {
      const only = await generatePhantoms(join(root, shape), {
        patients: 3,
        shape: [48, 48, 12],
        spacing: [4, 4, 5],
        objects: { count: [0, 0], radius: [9, 10] },
        contrast: 0.9,
        noise: 0,
        biasField: 0,
        distractors: 1,
        distractorShapes: [shape],
        seed: 3,
      });
      const counts: number[][] = [];
      for (const item of only.cases) {
        const { channels, labels } = await readCase(only, item);
        expect(labels!.some((value) => value !== 0)).toBe(false);
        const perSlice = new Array<number>(12).fill(0);
        // White matter is 0.95 and scalp at most 1.15 · 1.06: nothing but the distractor is this bright.
        channels[0]!.forEach((value, index) => {
          if (value > 1300) perSlice[Math.floor(index / 48 ** 2)]!++;
        });
        counts.push(perSlice);
      }
      return counts;
    };
    for (const counts of await brightSlices('disc')) {
      const slices = counts.filter((count) => count > 3);
      expect(slices).toHaveLength(1);
      // An ellipse of radii of about 7 to 10 mm has 10 to 20 pixels of 4 × 4 mm.
      expect(slices[0]).toBeGreaterThan(6);
    }
    for (const counts of await brightSlices('vessel')) {
      for (const count of counts) expect(count).toBeGreaterThan(3);
      expect(Math.max(...counts)).toBeLessThan(30);
    }
  });

  it('lays out BraTS: four contrasts, nested labels, both grades', async () => {
    const { shape, spacing, seed } = options;
    const brats = await generatePhantoms(join(root, 'brats'), {
      layout: 'brats',
      patients: 2,
      unlabelled: 1,
      shape,
      spacing,
      objects: { count: [2, 2], radius: [14, 16] },
      seed,
    });
    expect(brats.channels).toEqual(['t1', 't1ce', 't2', 'flair']);
    expect(await readdir(join(root, 'brats/HGG'))).toEqual(['phantom_001', 'phantom_003']);
    expect([brats.cases, brats.unlabelled].map((cases) => cases.length)).toEqual([2, 1]);
    const { channels, labels } = await readCase(brats, brats.cases[0]!);
    const mean = (channel: number, value: number): number => {
      const chosen = channels[channel]!.filter((_, index) => labels![index] === value);
      return chosen.reduce((a, b) => a + b, 0) / chosen.length;
    };
    expect([...new Set(labels)].sort()).toEqual([0, 1, 2, 4]);
    // The rim takes up contrast agent, and only it; oedema is bright in T2.
    expect(mean(1, 4)).toBeGreaterThan(1.4 * mean(0, 4));
    expect(mean(1, 2)).toBeLessThan(1.1 * mean(0, 2));
    expect(mean(2, 2)).toBeGreaterThan(1.1 * mean(0, 2) * (0.48 / 0.95));
    await expect(generatePhantoms(join(root, 'brats'), { layout: 'brats' })).rejects.toThrow(
      /HGG: there is a data set/,
    );
    const attempt = generatePhantoms(join(root, 'wrong'), { layout: 'brats', classes: ['mine'] });
    await expect(attempt).rejects.toThrow(/The option classes is .* layout brats/);
  });

  it('refuses a folder with a data set, and options out of range', async () => {
    await expect(generatePhantoms(join(root, 'set'), options)).rejects.toThrow(
      /set\/dataset\.json: there is a data set/,
    );
    const bad = [
      { patients: 0 },
      { shape: [0, 64, 64] as const },
      { classes: ['a', 'a'] },
      { channels: [] },
      { noise: -1 },
      { contrast: 1 },
      { modality: 'ct', layout: 'brats' } as const,
      { modality: 'ct', channels: ['T1'] } as const,
      { distractorShapes: [] },
      { objects: [] },
      { objects: { count: [3, 1], radius: [1, 2] } as const },
      { objects: { count: [1, 1], radius: [0, 2] } as const },
    ];
    for (const wrong of bad) {
      const attempt = generatePhantoms(join(root, 'bad'), wrong);
      await expect(attempt).rejects.toThrow(OptionError);
      await expect(attempt).rejects.toThrow(
        Object.keys(wrong).includes('channels') ? 'channels' : Object.keys(wrong)[0],
      );
    }
  });
});
