import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isCompressed, decompress, readHeader, readImage } from 'nifti-reader-js';
import { describe, expect, it } from 'vitest';
import { writeNifti } from '../src/index.ts';
import { rightAngled, sheared, turned } from './grids.ts';
import { temporaryFolder } from '../../../tools/build/temporary-folder.ts';

/** A cross-check with nifti-reader-js, by which NiiVue reads NIfTI in browsers. */
const folder = await temporaryFolder();
const values = Int16Array.from({ length: 24 }, (_, index) => index * 500 - 3000);

describe("NiiVue's reader", () => {
  it.each([
    ['right-angled.nii', rightAngled, [4, 3, 2]],
    ['turned.nii.gz', turned, [2, 3, 2, 2]],
    ['sheared.nii.gz', sheared, [6, 4, 1]],
    ['slice.nii', turned, [6, 4]],
  ])('reads %s at the same place', async (name, affine, shape) => {
    const path = join(folder, name);
    await writeNifti(path, { data: values, shape, affine }, { labels: true });
    const file = await readFile(path);
    const bytes = new Uint8Array(file).buffer;
    expect(isCompressed(bytes)).toBe(name.endsWith('.gz'));
    const plain = (isCompressed(bytes) ? decompress(bytes) : bytes) as ArrayBuffer;
    const header = readHeader(plain)!;
    expect(header.dims.slice(1, 1 + header.dims[0]!)).toEqual(shape);
    expect(new Int16Array(readImage(header, plain))).toEqual(values);
    header.affine.forEach((row, i) => row.forEach((value, j) => expect(value).toBeCloseTo(affine[i]![j]!, 4)));
    expect(header).toMatchObject({ intent_code: 1002, cal_min: 0, cal_max: 8500, vox_offset: 352, magic: 'n+1' });
    expect(header.getUnitsCodeString(header.xyzt_units & 7)).toBe('Millimeters');
  });
});
