import { join } from 'node:path';
import { OptionError } from '@interseg/errors';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { writeMsd } from '../../test/msd-folder.ts';
import { augmentationPresets } from '../augmentation/settings.ts';
import type { DataSet } from '../dataset.ts';
import { openMsd } from '../layouts/msd.ts';
import type { Batch } from './batches/batches.ts';
import { openSlices, type OpenSlicesOptions } from './open-slices.ts';
import type { BatchOptions, SliceSource } from './slice-source.ts';

const root = await temporaryFolder();
let dataset: DataSet;

/** Every case: 12 slices of 4 × 4; slice 0 is constant, 1 to 5 have foreground, 6 to 11 have none. */
beforeAll(async () => {
  const cases = [0, 1, 2, 3, 4, 5].map((number) => ({
    id: `case${number}`,
    shape: [4, 4, 12],
    // The value tells case and slice; the first pixel is always 0, so that only slice 0 is constant.
    image: Float32Array.from({ length: 192 }, (_, index) => {
      const slice = Math.floor(index / 16);
      return slice === 0 || index % 16 === 0 ? 0 : 100 * (number + 1) + slice;
    }),
    label: Uint8Array.from({ length: 192 }, (_, index) => {
      const slice = Math.floor(index / 16);
      return slice <= 5 && index % 16 === 5 ? 1 : 0;
    }),
  }));
  dataset = await openMsd(await writeMsd(join(root, 'set'), [...cases, { ...cases[0]!, id: 'new', label: undefined }]));
});

const settings = { size: [4, 4] as const, normalization: { kind: 'none' } as const };
/** 12 slices × 16 pixels × (4 bytes + 1 byte), and 192 labels. */
const caseBytes = 12 * 16 * 5 + 192;
const ids = ['case0', 'case1', 'case2', 'case3'];
const open = (options: OpenSlicesOptions = {}): Promise<SliceSource> => openSlices(dataset, ids, settings, options);

async function epoch(source: SliceSource, options: Partial<BatchOptions> = {}): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of source.batches({ batchSize: 5, seed: 1, ...options })) batches.push(batch);
  return batches;
}
const names = (batches: Batch[]): string[] =>
  batches.flatMap((batch) => batch.cases.map((id, index) => `${id}:${batch.slices[index]}`));

describe('openSlices', () => {
  it('takes all slices with foreground, a proportion of the others, and never a constant one', async () => {
    const source = await open({ backgroundSlices: 0.25 });
    // 4 cases × 5 slices with foreground, and a quarter as many without.
    expect(source).toMatchObject({ length: 25, size: [4, 4], channels: 1, classes: 1, ids });
    const seen = names(await epoch(source));
    expect(new Set(seen).size).toBe(25);
    const slices = seen.map((name) => Number(name.split(':')[1]));
    expect(slices).not.toContain(0);
    expect(slices.filter((slice) => slice >= 1 && slice <= 5)).toHaveLength(20);
    expect((await open()).length).toBe(22);
    expect((await open({ backgroundSlices: 0 })).length).toBe(20);
    expect((await open({ backgroundSlices: 99 })).length).toBe(4 * 11);
  });

  it('draws the slices without foreground by the seed', async () => {
    const drawn = async (seed: number): Promise<string[]> =>
      names(await epoch(await open({ seed, backgroundSlices: 0.25 }))).sort();
    expect(await drawn(1)).toEqual(await drawn(1));
    expect(await drawn(1)).not.toEqual(await drawn(2));
  });

  it('draws the slices without foreground anew for each epoch, so that each is seen sooner or later', async () => {
    const source = await open({ backgroundSlices: 0.25 });
    const seen = new Set<string>();
    const draws = new Set<string>();
    for (let number = 0; number < 30; number++) {
      const shown = names(await epoch(source, { epoch: number })).sort();
      expect(shown).toHaveLength(source.length);
      const empty = shown.filter((name) => Number(name.split(':')[1]) > 5);
      expect(empty).toHaveLength(5);
      expect(new Set(shown).size).toBe(25);
      draws.add(empty.join());
      for (const name of empty) seen.add(name);
    }
    // 4 cases × 6 slices without foreground, of which an epoch shows 5.
    expect(seen.size).toBe(24);
    expect(draws.size).toBe(30);
  });

  it('gives images and masks that belong together, and keeps the last, smaller batch', async () => {
    const batches = await epoch(await open());
    expect(batches.map(({ count }) => count)).toEqual([5, 5, 5, 5, 2]);
    for (const { images, masks, count, cases, slices } of batches) {
      expect([images.length, masks.length]).toEqual([count * 16, count * 16]);
      slices.forEach((slice, index) => {
        expect(images[index * 16 + 7]).toBe(100 * (Number(cases[index]!.at(-1)) + 1) + slice);
        const mask = masks.subarray(index * 16, (index + 1) * 16);
        expect([mask[5], mask.reduce((a, b) => a + b, 0)]).toEqual(slice <= 5 ? [1, 1] : [0, 0]);
      });
    }
  });

  it('has an order that depends on seed and epoch alone', async () => {
    const source = await open();
    const first = names(await epoch(source, { epoch: 3 }));
    await epoch(source, { epoch: 4 });
    expect(names(await epoch(source, { epoch: 3 }))).toEqual(first);
    expect(names(await epoch(await open(), { epoch: 3 }))).toEqual(first);
    expect(names(await epoch(source, { epoch: 4 }))).not.toEqual(first);
    expect(names(await epoch(source, { epoch: 3, seed: 2 }))).not.toEqual(first);
    expect(names(await epoch(source, { epoch: 4 }))).toHaveLength(first.length);
    const plain = names(await epoch(source, { shuffle: false }));
    expect(plain.slice(0, 3)).toEqual(['case0:1', 'case0:2', 'case0:3']);
  });

  it('shows slices with foreground more often, evenly, and augments each showing by itself', async () => {
    const augmentation = { ...augmentationPresets.none, noise: 0.5, probability: 1 };
    const source = await open({ backgroundSlices: 0.25, foregroundOversampling: 2.5, augmentation });
    // 20 slices with foreground, two or three times each, and 5 without.
    expect(source.length).toBe(55);
    const counts = (batches: Batch[]): Map<string, number> => {
      const found = new Map<string, number>();
      for (const name of names(batches)) found.set(name, (found.get(name) ?? 0) + 1);
      return found;
    };
    const batches = await epoch(source, { epoch: 1 });
    const first = counts(batches);
    const byCount = (wanted: number): string[] => [...first].filter(([, n]) => n === wanted).map(([name]) => name);
    expect([byCount(1).length, byCount(2).length, byCount(3).length]).toEqual([5, 10, 10]);
    expect(byCount(1).every((name) => Number(name.split(':')[1]) > 5)).toBe(true);
    expect(counts(await epoch(source, { epoch: 2 }))).not.toEqual(first);
    const [repeated] = byCount(3);
    const images = batches.flatMap(({ cases, slices, images }) =>
      slices.flatMap((slice, at) =>
        `${cases[at]}:${slice}` === repeated ? [images.slice(at * 16, at * 16 + 16).join()] : [],
      ),
    );
    expect(new Set(images).size).toBe(3);
    await expect(open({ foregroundOversampling: 0.5 })).rejects.toThrow(/foregroundOversampling is 0\.5, expected/);
  });

  it('augments batches, the same again for the same seed and epoch, and never whole cases', async () => {
    const contents = (batches: Batch[]): number[][] => batches.map(({ images }) => [...images]);
    const plain = await epoch(await open(), { epoch: 3 });
    const source = await open({ augmentation: { ...augmentationPresets.none, flipHorizontal: 1 } });
    const mirrored = await epoch(source, { epoch: 3 });
    expect(names(mirrored)).toEqual(names(plain));
    // Rows of four pixels: the mask's only pixel of a slice, the second of its row, becomes the third.
    for (const { masks, slices } of mirrored) {
      slices.forEach((slice, index) => expect(masks[index * 16 + 6]).toBe(slice <= 5 ? 1 : 0));
    }
    const strong = { augmentation: augmentationPresets.full, memoryLimit: 2 * caseBytes };
    const first = contents(await epoch(await open(strong), { epoch: 3 }));
    expect(contents(await epoch(await open(strong), { epoch: 3 }))).toEqual(first);
    expect(contents(await epoch(await open(strong), { epoch: 3, seed: 2 }))).not.toEqual(first);
    for await (const { images } of source.cases()) {
      expect(images.subarray(16, 24)).toEqual(Float32Array.of(0, ...new Array<number>(7).fill(images[17]!)));
    }
  });

  it('shows patches of slices that keep their size, the same with threads and without, and whole cases as they are', async () => {
    const patches = { ...settings, size: [2, 3] as const, resizing: 'patch' as const };
    const openPatches = (options: OpenSlicesOptions): Promise<SliceSource> =>
      openSlices(dataset, ids, patches, { backgroundSlices: 0.25, patchesPerSlice: 3, ...options });
    const source = await openPatches({ patchForeground: 1, workers: 0 });
    // Every slice three times.
    expect(source).toMatchObject({ length: 75, size: [2, 3] });
    const batches = await epoch(source, { epoch: 2 });
    for (const { images, masks, count, cases, slices } of batches) {
      expect([images.length, masks.length]).toEqual([count * 6, count * 6]);
      slices.forEach((slice, index) => {
        const mask = [...masks.subarray(index * 6, (index + 1) * 6)];
        // All patches of a slice with foreground hold its only pixel, in row 1 and column 1.
        if (slice <= 5) expect(mask.filter((value) => value === 1)).toHaveLength(1);
        const zeros = [...images.subarray(index * 6, (index + 1) * 6)].filter((value) => value === 0).length;
        expect(zeros).toBeLessThan(2);
        expect(images[index * 6 + 5]).toBe(100 * (Number(cases[index]!.at(-1)) + 1) + slice);
      });
    }
    expect(names(batches)).toHaveLength(75);
    const contents = (all: Batch[]): number[][] => all.map(({ images, masks }) => [...images, ...masks]);
    for (const workers of [1, 2]) {
      const other = await openPatches({ patchForeground: 1, workers });
      expect(contents(await epoch(other, { epoch: 2 }))).toEqual(contents(batches));
    }
    for await (const { size, images } of source.cases()) {
      expect(size).toEqual([4, 4]);
      expect(images).toHaveLength(12 * 16);
    }
    await expect(openPatches({ patchForeground: 1.5 })).rejects.toThrow(/patchForeground is 1\.5, expected a number/);
    await expect(openPatches({ patchesPerSlice: 0.5 })).rejects.toThrow(/patchesPerSlice is 0\.5, expected a whole/);
    await expect(open({ patchesPerSlice: 2 })).rejects.toThrow(/is 2, expected 1 with the resizing shrink/);
  });

  it('gives the channels of neighbouring slices, in order, with the mask of the slice itself', async () => {
    for (const more of [{}, { size: [2, 3] as const, resizing: 'patch' as const }]) {
      const context = { ...settings, ...more, context: 2, contextSpacing: 1 };
      // Slices are 1 mm apart: the place in mm is the index.
      const source = await openSlices(dataset, ids, context, { patchForeground: 1 });
      expect([source.channels, source.length]).toEqual([5, 22]);
      const pixels = source.size[0] * source.size[1];
      for (const { images, masks, cases, slices } of await epoch(source)) {
        slices.forEach((slice, index) => {
          // The last pixel of a patch or slice is never the first of the slice, which is 0.
          const last = (index + 1) * pixels - 1;
          const number = Number(cases[index]!.at(-1)) + 1;
          const expected = [-2, -1, 0, 1, 2].map((offset) => {
            const at = Math.min(11, Math.max(0, slice + offset));
            return at === 0 ? 0 : 100 * number + at;
          });
          expect([...images.subarray(last * 5, last * 5 + 5)]).toEqual(expected);
          expect(masks.subarray(index * pixels, (index + 1) * pixels).includes(1)).toBe(slice <= 5);
        });
      }
      for await (const { channels, images, size } of source.cases()) {
        expect([channels, images.length]).toEqual([1, 12 * size[0] * size[1]]);
      }
    }
  });

  it('mixes all cases when they fit, and only those of a group when not', async () => {
    const groupsOf = (batches: Batch[]): string[] => batches.map((batch) => [...new Set(batch.cases)].sort().join());
    const all = await epoch(await open({ backgroundSlices: 0 }), { batchSize: 10 });
    expect(all[0]!.cases.filter((id, index) => id !== all[0]!.cases[index - 1]).length).toBeGreaterThan(4);
    const all6 = [...ids, 'case4', 'case5'];
    // Half of the limit is for the group that is trained on, half for the next one.
    const pairs = await openSlices(dataset, all6, settings, { backgroundSlices: 0, memoryLimit: 4 * caseBytes });
    const grouped = await epoch(pairs, { batchSize: 10 });
    expect(groupsOf(grouped).map((group) => group.split(',').length)).toEqual([2, 2, 2]);
    expect(new Set(names(grouped)).size).toBe(30);
    // Other pairs in other epochs.
    const partners = new Set<string>();
    for (let e = 0; e < 8; e++) {
      groupsOf(await epoch(pairs, { batchSize: 10, epoch: e })).forEach((g) => partners.add(g));
    }
    expect(partners.size).toBeGreaterThan(2);
    // Batches reach over the border of groups: only the last one is smaller.
    expect((await epoch(pairs, { batchSize: 7 })).map(({ count }) => count)).toEqual([7, 7, 7, 7, 2]);
  });

  it('gives whole cases for validation, with labels on the original grid; unlabelled ones too', async () => {
    const source = await openSlices(dataset, ['case2', 'new'], settings);
    expect(source.length).toBe(6);
    const found = [];
    for await (const prepared of source.cases()) found.push(prepared);
    expect(found.map(({ id, slices, masks }) => [id, slices, masks !== undefined])).toEqual([
      ['case2', 12, true],
      ['new', 12, false],
    ]);
    expect(Array.from(found[0]!.labels!).filter((value) => value === 1)).toHaveLength(6);
    expect((await openSlices(dataset, ['new'], settings)).length).toBe(0);
  });

  it('tells its progress', async () => {
    const told: string[] = [];
    await open({ workers: 1, onProgress: ({ done, total, id }) => told.push(`${done}/${total} ${id}`) });
    expect(told).toEqual(['1/4 case0', '2/4 case1', '3/4 case2', '4/4 case3']);
  });

  it('refuses what cannot be', async () => {
    await expect(openSlices(dataset, ['nobody'], settings)).rejects.toThrow(/found no case "nobody"/);
    await expect(openSlices(dataset, ['case0', 'case0'], settings)).rejects.toThrow(/found the case case0 twice/);
    await expect(open({ memoryLimit: caseBytes - 1 })).rejects.toThrow(
      new RegExp(`case0\\.nii\\.gz: found ${caseBytes} bytes when prepared, expected at most ${caseBytes - 1}`),
    );
    await expect(open({ memoryLimit: 0 })).rejects.toThrow(OptionError);
    await expect(open({ backgroundSlices: -1 })).rejects.toThrow(/backgroundSlices is -1/);
    const source = await open();
    expect(() => source.batches({ batchSize: 0, seed: 1 })).toThrow(/batchSize is 0/);
  });
});
