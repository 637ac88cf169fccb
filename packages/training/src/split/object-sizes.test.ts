import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openFolder } from '@interseg/data';
import { scalingAffine, writeNifti } from '@interseg/nifti';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { objectSizes } from './object-sizes.ts';

it('is the mean volume of the connected components of every class', async () => {
  const folder = await temporaryFolder();
  // In a row: two objects of class 1 (2 and 1 voxels) beside one of class 2 (3 voxels, touching); nothing; one of 6.
  const rows = { a: [1, 1, 0, 1, 2, 2, 2], b: [0, 0, 0, 0, 0, 0, 0], c: [0, 1, 1, 1, 1, 1, 1] };
  for (const part of ['images', 'labels']) await mkdir(join(folder, part));
  for (const [id, row] of Object.entries(rows)) {
    const grid = { shape: [7, 1, 1], affine: scalingAffine([2, 1, 3]) };
    await writeNifti(join(folder, 'images', `${id}.nii`), { data: Float32Array.from(row), ...grid });
    await writeNifti(join(folder, 'labels', `${id}.nii`), { data: Uint8Array.from(row), ...grid });
  }
  const read: string[] = [];
  const sizes = await objectSizes(await openFolder(folder), { onCase: (id) => read.push(id) });
  // (2 + 1 + 3) / 3 voxels of 6 mm³.
  expect([...sizes]).toEqual([
    ['a', 12],
    ['b', 0],
    ['c', 36],
  ]);
  expect(read).toEqual(['a', 'b', 'c']);
});
