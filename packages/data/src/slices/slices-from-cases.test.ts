import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { writeMsd } from '../../test/msd-folder.ts';
import { augmentationPresets } from '../augmentation/settings.ts';
import { readCase } from '../cases/read-case.ts';
import type { DataSet } from '../dataset.ts';
import { openMsd } from '../layouts/msd.ts';
import { createRandom } from '../random/random.ts';
import type { Batch } from './batches/batches.ts';
import { openSlices } from './open-slices.ts';
import { prepareCase } from './preparation/prepare-case.ts';
import type { PreparedCase } from './preparation/prepared-case.ts';
import { completeSliceSettings, type SliceSettings } from './slice-settings.ts';
import type { SliceSource } from './slice-source.ts';
import { slicesFromCases } from './slices-from-cases.ts';

const ids = ['a', 'b', 'c'];
let dataset: DataSet;

beforeAll(async () => {
  const random = createRandom('cases');
  const cases = ids.map((id) => ({
    id,
    shape: [12, 10, 8],
    image: Float32Array.from({ length: 960 }, () => random.next()),
    label: Uint8Array.from({ length: 960 }, (_, voxel) => (voxel < 480 && random.next() < 0.1 ? 1 : 0)),
  }));
  dataset = await openMsd(await writeMsd(join(await temporaryFolder(), 'set'), cases));
});

async function prepare(settings: SliceSettings): Promise<PreparedCase[]> {
  return Promise.all(
    dataset.cases.map(async (item) => prepareCase(await readCase(dataset, item), dataset.classes, settings)),
  );
}

async function contentOf(source: SliceSource) {
  const batches: Batch[] = [];
  for (const epoch of [1, 2]) {
    for await (const batch of source.batches({ batchSize: 5, seed: 3, epoch })) batches.push(batch);
  }
  const whole: { id: string; images: Float32Array; masks?: Uint8Array }[] = [];
  for await (const { id, images, masks } of source.cases()) whole.push({ id, images, masks });
  const { length, size, channels, classes } = source;
  return { length, size, channels, classes, ids: source.ids, batches, whole };
}

describe('slicesFromCases', () => {
  it.each([
    ['whole slices', { size: [8, 8] }],
    ['patches with a context', { size: [4, 4], resizing: 'patch', context: 1 }],
  ] as const)('gives the slices that openSlices finds in the files: %s', async (_, settings) => {
    const options = {
      backgroundSlices: 0.5,
      foregroundOversampling: 1.5,
      augmentation: augmentationPresets.full,
      seed: 4,
    };
    const found = slicesFromCases(await prepare(settings), completeSliceSettings(settings, dataset.modality), options);
    const expected = await openSlices(dataset, ids, settings, { ...options, workers: 0 });
    expect(await contentOf(found)).toEqual(await contentOf(expected));
    expect(found.length).toBeGreaterThan(12);
  });

  it('has none of cases without labels, and refuses what does not go together', async () => {
    const settings = completeSliceSettings({ size: [8, 8] }, dataset.modality);
    const [first, second] = (await prepare(settings)) as [PreparedCase, PreparedCase];
    expect(slicesFromCases([{ ...first, masks: undefined }], settings).length).toBe(0);
    expect(() => slicesFromCases([], settings)).toThrow('Found no cases to take slices from');
    expect(() => slicesFromCases([first, first], settings)).toThrow('Found two cases with one id');
    expect(() => slicesFromCases([first, { ...second, classes: 2 }], settings)).toThrow(
      'b: found 1 channels and 2 classes, expected 1 and 1 as in a.',
    );
    expect(() => slicesFromCases([first], settings, { patchesPerSlice: 2 })).toThrow('expected 1 with the resizing');
  });
});
