import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { writeMsd } from '../../test/msd-folder.ts';
import { scalingAffine } from '@interseg/nifti';
import { openMsd } from '../layouts/msd.ts';
import { inspect } from './inspect.ts';

const root = await temporaryFolder();

describe('inspect', () => {
  it('reports geometry, intensities and volumes', async () => {
    const path = await writeMsd(join(root, 'good'), [
      {
        id: 'a',
        shape: [5, 1, 1],
        image: Int16Array.of(2, 4, 6, 8, 10),
        label: Uint8Array.of(0, 1, 1, 0, 0),
        affine: scalingAffine([-2, 2, 2.5]),
      },
    ]);
    const report = await inspect(await openMsd(path));
    expect(report).toMatchObject({ name: 'Test', modality: 'mr', channels: ['MRI'], classes: ['lesion'] });
    const [a] = report.cases;
    expect(a).toMatchObject({ id: 'a', shape: [5, 1, 1], spacing: [2, 2, 2.5], orientation: 'LAS', problems: [] });
    expect(a!.classes).toEqual([{ name: 'lesion', voxels: 2, volume: 20 }]);
    // Deviation: √((16 + 4 + 0 + 4 + 16)/5); the 5th percentile lies 0.2 of the way from 2 to 4.
    expect(a!.channels![0]).toMatchObject({ name: 'MRI', minimum: 2, maximum: 10, mean: 6 });
    expect(a!.channels![0]!.standardDeviation).toBeCloseTo(Math.sqrt(8), 12);
    expect(a!.channels![0]!.percentiles['5']).toBeCloseTo(2.4, 12);
    expect(a!.channels![0]!.percentiles['50']).toBe(6);
    expect(report.problems).toEqual([expect.stringMatching(/found 1 labelled patient, expected at least 3/)]);
  });

  it('tells the volumes of objects, however overlapping the classes are, and shows each volume once', async () => {
    const path = await writeMsd(join(root, 'objects'), [
      {
        id: 'a',
        shape: [7, 1, 1],
        image: Int16Array.of(1, 2, 3, 4, 5, 6, 7),
        label: Uint8Array.of(1, 0, 2, 1, 0, 2, 2),
        affine: scalingAffine([2, 1, 3]),
      },
      { id: 'b', shape: [7, 1, 1], image: Int16Array.of(1, 2, 3, 4, 5, 6, 7) },
    ]);
    const dataset = await openMsd(path);
    const classes = [
      { name: 'whole', values: [1, 2] },
      { name: 'core', values: [2] },
    ];
    const seen: string[] = [];
    const report = await inspect(
      { ...dataset, classes },
      {
        onVolume: ({ id }) => seen.push(id),
        objectSizes: (mask, shape) => {
          expect(shape).toEqual([7, 1, 1]);
          return mask
            .join('')
            .split('0')
            .filter(Boolean)
            .map((run) => run.length);
        },
      },
    );
    expect(report.cases[0]!.classes).toEqual([
      { name: 'whole', voxels: 5, volume: 30, objects: [6, 12, 12] },
      { name: 'core', voxels: 3, volume: 18, objects: [6, 12] },
    ]);
    expect(report.classSummaries).toEqual([
      {
        name: 'whole',
        cases: 1,
        volume: { smallest: 30, median: 30, largest: 30 },
        objects: 3,
        objectVolume: { smallest: 6, median: 12, largest: 12 },
      },
      {
        name: 'core',
        cases: 1,
        volume: { smallest: 18, median: 18, largest: 18 },
        objects: 2,
        objectVolume: { smallest: 6, median: 9, largest: 12 },
      },
    ]);
    expect(seen).toEqual(['a', 'b']);
  });

  it('lists problems and goes on after a case that cannot be read', async () => {
    const image = Float32Array.of(1, 2);
    const shape = [2, 1, 1];
    const path = await writeMsd(
      join(root, 'bad'),
      [
        { id: 'broken', shape, image, label: Uint8Array.of(0, 1) },
        { id: 'nan', shape, image: Float32Array.of(NaN, 2), label: Uint8Array.of(0, 1) },
        { id: 'empty', shape, image, label: Uint8Array.of(0, 0) },
        { id: 'new', shape, image },
      ],
      { labels: { 1: 'lesion', 2: 'never' } },
    );
    await writeFile(join(path, 'imagesTr/broken.nii.gz'), 'x');
    const seen: string[] = [];
    const report = await inspect(await openMsd(path), { onProgress: ({ id }) => seen.push(id) });
    expect(seen).toEqual(['broken', 'nan', 'empty', 'new']);
    expect(report.cases.map(({ problems }) => problems)).toEqual([
      [expect.stringMatching(/broken\.nii\.gz: not a NIfTI file/)],
      [
        expect.stringMatching(/nan\.nii\.gz: found 1 voxel without a finite value/),
        expect.stringMatching(/every voxel of the channel MRI is 2/),
      ],
      [expect.stringMatching(/labelsTr\/empty\.nii\.gz: found only background/)],
      [],
    ]);
    expect(report.problems).toEqual([expect.stringMatching(/no case contains the class never/)]);
  });
});
