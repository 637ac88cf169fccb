import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/handmade.ts';
import { writeMsd } from '../../test/msd-folder.ts';
import { scalingAffine } from '../geometry/affine.ts';
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
    expect(report.problems).toEqual([expect.stringMatching(/1 labelled patients, too few/)]);
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
      [expect.stringMatching(/broken\.nii\.gz: no NIfTI/)],
      [
        expect.stringMatching(/nan\.nii\.gz: 1 voxels are not finite/),
        expect.stringMatching(/the channel MRI is 2 everywhere/),
      ],
      [expect.stringMatching(/labelsTr\/empty\.nii\.gz: there is nothing but background/)],
      [],
    ]);
    expect(report.problems).toEqual([expect.stringMatching(/the class never is in no case/)]);
  });
});
