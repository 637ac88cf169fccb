import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, OptionError } from '@interseg/errors';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { writeMsd } from '../../test/msd-folder.ts';
import { augmentationPresets } from '../augmentation/settings.ts';
import type { DataSet } from '../dataset.ts';
import { openMsd } from '../layouts/msd.ts';
import { openSlices } from './open-slices.ts';
import {
  openUnlabelledSlices,
  type OpenUnlabelledOptions,
  type UnlabelledBatch,
  type UnlabelledBatchOptions,
  type UnlabelledSource,
} from './open-unlabelled.ts';
import type { SliceSettings } from './slice-settings.ts';

const root = await temporaryFolder();
let dataset: DataSet;

/** Every case: 6 slices of 6 × 4, of which slice 0 is constant; cases 0 and 1 have labels. */
beforeAll(async () => {
  const cases = [0, 1, 2, 3, 4].map((number) => ({
    id: `case${number}`,
    shape: [6, 4, 6],
    image: Float32Array.from({ length: 144 }, (_, index) => {
      const slice = Math.floor(index / 24);
      return slice === 0 ? 0 : (100 * (number + 1) + 10 * slice + (index % 24) / 8) / 1000;
    }),
    label: number < 2 ? Uint8Array.from({ length: 144 }, (_, index) => (index % 24 === 5 ? 1 : 0)) : undefined,
  }));
  dataset = await openMsd(await writeMsd(join(root, 'set'), cases));
});

const settings: SliceSettings = { size: [6, 6], normalization: { kind: 'none' } };
const ids = ['case2', 'case3', 'case4'];
const open = (options: OpenUnlabelledOptions = {}, changes: Partial<SliceSettings> = {}): Promise<UnlabelledSource> =>
  openUnlabelledSlices(dataset, ids, { ...settings, ...changes }, options);

async function epoch(
  source: UnlabelledSource,
  options: Partial<UnlabelledBatchOptions> = {},
): Promise<UnlabelledBatch[]> {
  const batches: UnlabelledBatch[] = [];
  for await (const batch of source.batches({ batchSize: 4, seed: 1, ...options })) batches.push(batch);
  return batches;
}
const names = (batches: UnlabelledBatch[]): string[] =>
  batches.flatMap((batch) => batch.cases.map((id, index) => `${id}:${batch.slices[index]}`));
const views = (batches: UnlabelledBatch[]): number[][] => batches.map(({ images }) => Array.from(images));

describe('openUnlabelledSlices', () => {
  it('shows every slice that varies once, without masks', async () => {
    const source = await open();
    expect(source).toMatchObject({ length: 15, size: [6, 6], channels: 1, ids });
    const batches = await epoch(source);
    expect(batches.map(({ count }) => count)).toEqual([4, 4, 4, 3]);
    expect(names(batches).sort()).toEqual(ids.flatMap((id) => [1, 2, 3, 4, 5].map((slice) => `${id}:${slice}`)));
    for (const batch of batches) {
      expect(batch.images.length).toBe(batch.count * 36);
      expect(Object.keys(batch).sort()).toEqual(['cases', 'count', 'images', 'slices']);
    }
  });

  it('prepares slices as those with labels', async () => {
    const changes = { context: 1, plane: 'coronal' } as const;
    const source = await openUnlabelledSlices(dataset, ['case0'], { ...settings, ...changes });
    const labelled = await openSlices(dataset, ['case0'], { ...settings, ...changes }, { backgroundSlices: 100 });
    const shown = new Map<string, number[]>();
    for await (const batch of labelled.batches({ batchSize: 1 })) {
      shown.set(names([batch])[0]!, Array.from(batch.images));
    }
    const batches = await epoch(source, { batchSize: 1 });
    expect(batches.length).toBeGreaterThan(1);
    for (const batch of batches) expect(Array.from(batch.images)).toEqual(shown.get(names([batch])[0]!));
  });

  it('goes on for as many batches as are asked for, all of one size, with another order each time', async () => {
    const source = await open();
    const batches = await epoch(source, { count: 9 });
    expect(batches.map(({ count }) => count)).toEqual(Array(9).fill(4));
    const shown = names(batches);
    const [first, second] = [shown.slice(0, 15), shown.slice(15, 30)];
    expect(first).toEqual(names(await epoch(source)));
    expect(second).not.toEqual(first);
    expect(second.toSorted()).toEqual(first.toSorted());
    expect(names(await epoch(source, { count: 2 }))).toEqual(shown.slice(0, 8));
  });

  it('augments a slice in another way each time', async () => {
    const source = await open({ augmentation: { ...augmentationPresets.none, noise: 0.1, probability: 1 } });
    const batches = await epoch(source, { batchSize: 1, count: 30 });
    const copies = batches.filter((batch) => names([batch])[0] === 'case2:1');
    expect(copies).toHaveLength(2);
    expect(copies[0]!.images).not.toEqual(copies[1]!.images);
  });

  it.each([{ workers: 0 }, { workers: 2 }, { workers: 2, memoryLimit: 3 * 6 * 36 * 4 - 1 }])(
    'depends on seed and epoch alone: %o',
    async (options) => {
      const augmented = { ...options, augmentation: augmentationPresets.full };
      const source = await open(augmented);
      const first = await epoch(source, { epoch: 3, count: 8, isTwice: true });
      await epoch(source, { epoch: 4 });
      expect(await epoch(source, { epoch: 3, count: 8, isTwice: true })).toEqual(first);
      expect(await epoch(await open(augmented), { epoch: 3, count: 8, isTwice: true })).toEqual(first);
      expect(names(await epoch(source, { epoch: 4, count: 8 }))).not.toEqual(names(first));
      expect(names(await epoch(source, { epoch: 3, seed: 2, count: 8 }))).not.toEqual(names(first));
      expect(new Set(names(first)).size).toBe(15);
      const inThread = await open({ ...augmented, workers: 0 });
      expect(await epoch(inThread, { epoch: 3, count: 8, isTwice: true })).toEqual(first);
    },
  );

  it('has a second view of the same places, in which only intensities differ', async () => {
    const geometry = { ...augmentationPresets.none, flipHorizontal: 1, rotation: 40, scaling: 0.2, probability: 1 };
    const plain = await open({ augmentation: geometry });
    const [warped] = await epoch(plain, { isTwice: true });
    expect(warped!.otherImages).toEqual(warped!.images);
    expect(views(await epoch(plain))[0]).toEqual(Array.from(warped!.images));

    const noisy = await open({ augmentation: { ...geometry, brightness: 0.2 } });
    const [changed] = await epoch(noisy, { isTwice: true });
    // One factor for a whole slice, in each of the views.
    for (let slice = 0; slice < 4; slice++) {
      const part = (values: Float32Array): Float32Array => values.subarray(36 * slice, 36 * (slice + 1));
      const [before, one, other] = [warped!.images, changed!.images, changed!.otherImages!].map(part);
      const at = before!.findIndex((value) => value > 0.05);
      const factors = [one!, other!].map((values) => values[at]! / before![at]!);
      expect(Math.abs(factors[0]! - factors[1]!)).toBeGreaterThan(1e-3);
      [one!, other!].forEach((values, view) =>
        values.forEach((value, index) => expect(value).toBeCloseTo(factors[view]! * before![index]!, 5)),
      );
    }
  });

  it('shows patches anywhere in a slice', async () => {
    const source = await open({}, { size: [2, 2], resizing: 'patch' });
    const corners = new Set<number>();
    for (let number = 0; number < 12; number++) {
      for (const { images, cases, slices } of await epoch(source, { epoch: number, batchSize: 1 })) {
        expect(images).toHaveLength(4);
        const own = 100 * (Number(cases[0]!.at(-1)) + 1) + 10 * slices[0]!;
        corners.add(Math.round(8 * (1000 * images[0]! - own)));
      }
    }
    // 5 × 3 places for the corner.
    expect(corners.size).toBe(15);
  });

  it('does not read labels', async () => {
    const broken = {
      ...dataset,
      cases: dataset.cases.map((item) => ({ ...item, label: join(root, 'no-such-label.nii.gz') })),
    };
    const source = await openUnlabelledSlices(broken, ['case0', 'case2'], settings);
    expect(source.length).toBe(10);
  });

  it('refuses what cannot be shown', async () => {
    await expect(openUnlabelledSlices(dataset, ['case9'], settings)).rejects.toThrow('found no case "case9"');
    await expect(open({ memoryLimit: 10 })).rejects.toThrow('the option memoryLimit');
    const source = await open();
    for (const options of [{ batchSize: 0 }, { count: 0 }, { count: 1.5 }]) {
      expect(() => source.batches({ batchSize: 1, ...options })).toThrow(OptionError);
    }
    const flat = join(root, 'flat');
    const empty = { id: 'flat', shape: [6, 4, 6], image: new Float32Array(144) };
    const labelled = { ...empty, id: 'other', label: Uint8Array.from({ length: 144 }, (_, index) => index % 2) };
    const none = await openMsd(await writeMsd(flat, [labelled, empty]));
    const attempt = openUnlabelledSlices(none, ['flat'], settings);
    await expect(attempt).rejects.toThrow(DataError);
    await expect(attempt).rejects.toThrow('found no slice that varies in the cases without labels');
    await writeFile(dataset.unlabelled[0]!.images[0]!, 'no image');
    await expect(open()).rejects.toThrow(dataset.unlabelled[0]!.images[0]!);
  });
});
