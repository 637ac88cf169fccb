import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { OptionError } from '@interseg/errors';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { sheared } from '../../test/grids.ts';
import { scalingAffine } from '../affine/affine.ts';
import { readNifti as readInBrowser } from '../read/read-nifti-browser.ts';
import { readNifti } from '../read/read-nifti.ts';
import { encodeNifti, type WritableVolume } from './encode-nifti.ts';
import { writeNifti } from './write-nifti.ts';

const folder = await temporaryFolder();
// More than a chunk, and not a whole number of them.
const shape = [127, 101, 97];
const length = 127 * 101 * 97;
const volume = {
  data: Int16Array.from({ length }, (_, index) => Math.imul(index, 2654435761) >> 16),
  shape,
  affine: sheared,
};

afterEach(() => vi.unstubAllGlobals());

describe('encodeNifti', () => {
  it('gives the bytes that writeNifti writes, compressed or not', async () => {
    await writeNifti(join(folder, 'plain.nii'), volume);
    await writeNifti(join(folder, 'zipped.nii.gz'), volume);
    const written = await readFile(join(folder, 'plain.nii'));
    expect(written.equals(await encodeNifti(volume, { compressed: false }))).toBe(true);
    const encoded = await encodeNifti(volume);
    expect([...encoded.subarray(0, 2)]).toEqual([0x1f, 0x8b]);
    expect(written.equals(gunzipSync(encoded))).toBe(true);
    expect(written.equals(gunzipSync(await readFile(join(folder, 'zipped.nii.gz'))))).toBe(true);
  });

  it('gives bytes from which both readers get the volume back, whatever its type', async () => {
    const kinds = [Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float32Array, Float64Array];
    for (const Kind of kinds) {
      const data = Kind.from([0, 1, 2, 3, 100, 127]);
      const small = { data, shape: [3, 2, 1], affine: scalingAffine([1, -2, 3], [4, 5, 6]) };
      for (const compressed of [true, false]) {
        const bytes = await encodeNifti(small, { compressed });
        for (const read of [readNifti, readInBrowser]) {
          expect(await read(bytes)).toMatchObject({ ...small, spacing: [1, 2, 3] });
        }
      }
    }
  });

  it('takes part of a larger array, and voxels that threads share', async () => {
    const larger = Float32Array.of(9, 9, 1, 2, 3, 9);
    const affine = scalingAffine([1, 1, 1]);
    const part = await encodeNifti({ data: larger.subarray(2, 5), shape: [3], affine });
    expect((await readNifti(part)).data).toEqual(Float32Array.of(1, 2, 3));
    // As in browsers, where a Blob takes no shared memory.
    const Native = Blob;
    vi.stubGlobal(
      'Blob',
      class extends Native {
        constructor(parts: (Uint8Array<ArrayBuffer> | Blob)[]) {
          if (parts.some((one) => 'buffer' in one && !(one.buffer instanceof ArrayBuffer))) {
            throw new TypeError('shared');
          }
          super(parts);
        }
      },
    );
    const shared = new Uint8Array(new SharedArrayBuffer(3));
    shared.set([4, 5, 6]);
    const bytes = await encodeNifti({ data: shared, shape: [3], affine }, { compressed: false });
    const sharedBytes = new Uint8Array(new SharedArrayBuffer(bytes.length));
    sharedBytes.set(bytes);
    expect((await readInBrowser(sharedBytes)).data).toEqual(Uint8Array.of(4, 5, 6));
  });

  it('marks label maps, and keeps the coordinate systems of their image', async () => {
    const image = await readNifti(await encodeNifti({ ...volume, affine: scalingAffine([1, 1, 1]) }));
    const header = { ...image.header, sformCode: 4, qformCode: 1, description: 'a scan' };
    const mask = { data: new Uint8Array(length).fill(3, 7), shape, affine: image.affine, header };
    const read = await readInBrowser(await encodeNifti(mask, { labels: true }));
    expect(read.header).toMatchObject({ intentCode: 1002, displayMinimum: 0, displayMaximum: 3 });
    expect(read.header).toMatchObject({ sformCode: 4, qformCode: 1, description: 'a scan' });
    expect((await readInBrowser(await encodeNifti(mask))).header.intentCode).toBe(0);
  });

  it.each<[string, WritableVolume, RegExp]>([
    ['a wrong number of values', { ...volume, shape: [2] }, /values for the shape 2, expected/],
    ['an affine that flattens', { ...volume, affine: scalingAffine([1, 0, 1]) }, /different voxels to one position/],
    ['no extents', { data: Uint8Array.of(1), shape: [], affine: sheared }, /expected 1 to 7 extents/],
    ['labels that are not whole', { data: Float32Array.of(0.5), shape: [1], affine: sheared }, /the label 0\.5/],
  ])('refuses %s, by the name it is given', async (_, bad, message) => {
    const attempt = encodeNifti(bad, { labels: true, name: 'mask 3' });
    await expect(attempt).rejects.toThrow(OptionError);
    await expect(attempt).rejects.toThrow(/^mask 3: /);
    await expect(attempt).rejects.toThrow(message);
    await expect(encodeNifti(bad, { labels: true })).rejects.toThrow(/^the volume: /);
  });
});
