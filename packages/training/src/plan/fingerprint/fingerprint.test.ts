import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openFolder, type DataSet } from '@interseg/data';
import { scalingAffine, writeNifti } from '@interseg/nifti';
import { beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../../tools/build/temporary-folder.ts';
import { readFingerprint } from './fingerprint.ts';

/** 6 × 5 pixels of 2 mm, four slices 3 mm apart; first axis fastest. */
const shape = [6, 5, 4];
const at = (x: number, y: number, z: number): number => x + 6 * (y + 5 * z);
let dataset: DataSet;

beforeAll(async () => {
  const folder = await temporaryFolder();
  for (const part of ['images', 'labels']) await mkdir(join(folder, part));
  const write = async (id: string, spacing: [number, number, number], objects: Record<number, number>) => {
    const image = Float32Array.from({ length: 120 }, (_, index) => index);
    const label = new Uint8Array(120);
    for (const [voxel, value] of Object.entries(objects)) label[Number(voxel)] = value;
    const grid = { shape, affine: scalingAffine(spacing) };
    await writeNifti(join(folder, 'images', `${id}.nii`), { data: image, ...grid });
    await writeNifti(join(folder, 'labels', `${id}.nii`), { data: label, ...grid });
  };
  // Class 1: a bar of three voxels in slice 0 with one more above its end in slice 1, and a voxel by itself in slice 3.
  // Class 2: a square of four in slice 2.
  await write('a', [2, 2, 3], {
    [at(0, 0, 0)]: 1,
    [at(1, 0, 0)]: 1,
    [at(2, 0, 0)]: 1,
    [at(2, 1, 1)]: 1,
    [at(5, 4, 3)]: 1,
    [at(3, 3, 2)]: 2,
    [at(4, 3, 2)]: 2,
    [at(3, 4, 2)]: 2,
    [at(4, 4, 2)]: 2,
  });
  await write('b', [1, 1, 5], { [at(1, 1, 1)]: 1 });
  await write('c', [1, 1, 5], {});
  dataset = await openFolder(folder);
});

it('measures spacings, sizes, intensities, objects and balance', async () => {
  const read: string[] = [];
  const fingerprint = await readFingerprint(dataset, ['a', 'b'], { onCase: (id) => read.push(id) });
  expect(read).toEqual(['a', 'b']);
  expect(fingerprint).toMatchObject({
    patients: 2,
    cases: 2,
    // Slices 0, 1, 2 and 3 of a, slice 1 of b.
    slices: { total: 8, foreground: 5 },
    overlapping: false,
  });
  const { spacing, size, intensities, classes } = fingerprint;
  expect(spacing.pixels).toEqual({ smallest: 1, tenth: 1.1, median: 1.5, largest: 2 });
  expect(spacing.slices).toMatchObject({ smallest: 3, largest: 5 });
  expect([size.slices.median, size.rows.median, size.columns.median]).toEqual([4, 5, 6]);

  // The image counts its voxels, so that these are the indices of the foreground.
  const values = [0, 1, 2, 38, 119, 81, 82, 87, 88, 37].sort((x, y) => x - y);
  const mean = values.reduce((sum, value) => sum + value) / 10;
  expect(intensities).toHaveLength(1);
  expect(intensities[0]!.mean).toBeCloseTo(mean, 10);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 10;
  expect(intensities[0]!.standardDeviation).toBeCloseTo(Math.sqrt(variance), 10);
  // The median of 10 values lies between the fifth and the sixth.
  expect(intensities[0]!.percentiles['50']).toBe((38 + 81) / 2);
  expect(intensities[0]!.percentiles['0.5']).toBeCloseTo(0.045, 6);

  const [first, second] = classes;
  expect(first).toMatchObject({ cases: 2, objects: 3, voxelShare: 6 / 240 });
  // Four voxels of 12 mm³, one of 12, one of 5.
  expect(first!.volume).toMatchObject({ smallest: 5, median: 12, largest: 48 });
  expect(first!.span).toMatchObject({ smallest: 1, median: 1, largest: 2 });
  expect(first!.extent).toMatchObject({ smallest: 1, largest: 3 });
  expect(first!.diameter!.largest).toBeCloseTo(2 * Math.sqrt(3 / Math.PI), 12);
  expect(first!.diameterInMillimetres!.largest).toBeCloseTo(4 * Math.sqrt(3 / Math.PI), 12);
  expect(second).toMatchObject({ cases: 1, objects: 1 });
  expect(second!.diameter!.median).toBeCloseTo(2 * Math.sqrt(4 / Math.PI), 12);
});

it('looks along the plane of the slices', async () => {
  const { size, spacing, slices, classes } = await readFingerprint(dataset, ['a'], { plane: 'sagittal' });
  expect([size.slices.median, size.rows.median, size.columns.median]).toEqual([6, 4, 5]);
  expect([spacing.slices.median, spacing.pixels.median]).toEqual([2, 2.5]);
  // Columns 0 to 5 of the file; the bar of three voxels is now in three slices.
  expect(slices).toEqual({ total: 6, foreground: 6 });
  expect(classes[0]!.span!.largest).toBe(3);
});

it('tells nested classes, and refuses cases without foreground', async () => {
  const nested = { ...dataset, classes: [{ name: 'both', values: [1, 2] }, dataset.classes[1]!] };
  const { overlapping, classes } = await readFingerprint(nested, ['a']);
  expect(overlapping).toBe(true);
  expect(classes.map(({ objects, voxelShare }) => [objects, voxelShare * 120])).toEqual([
    // The square touches the voxel in the corner of the next slice.
    [2, 9],
    [1, 4],
  ]);
  await expect(readFingerprint(dataset, ['c'])).rejects.toThrow('found no foreground in 1 cases');
});
