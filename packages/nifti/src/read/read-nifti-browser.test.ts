import { gzipSync } from 'node:zlib';
import { DataError } from '@interseg/errors';
import { describe, expect, it } from 'vitest';
import { file, nifti1, nifti2, type Fields } from '../../test/handmade.ts';
import { readNifti as readInNode } from './read-nifti.ts';
import { readNifti } from './read-nifti-browser.ts';

/** The message of the DataError that reading gives; fails when there is none. */
async function refusal(source: Uint8Array | Blob, limits?: { maxBytes?: number }): Promise<string> {
  const error: unknown = await readNifti(source, { limits }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
}

const noise = Uint8Array.from({ length: 8000 }, (_, index) => (index * index * 31 + (index >> 3)) & 255);
const good: Fields = { dim: [3, 10, 10, 10, 1, 1, 1, 1], datatype: 2, pixdim: [1, 0.5, 1, 2, 0, 0, 0, 0] };
const bytes = file(nifti1(good), noise.subarray(0, 1000));

describe('readNifti of browsers', () => {
  it.each([2, 4, 8, 16, 64, 256, 512, 768, 1024, 1280])(
    'reads what Node does: data type %i, both versions and byte orders, compressed or not',
    async (datatype) => {
      const width = { 2: 1, 256: 1, 4: 2, 512: 2, 8: 4, 768: 4, 16: 4 }[datatype] ?? 8;
      const voxels = noise.slice(0, 1000 * width);
      // Integers of 64 bits are read up to 2⁵³: here their two most significant bytes are 0, whichever these are.
      if (datatype > 1000) voxels.forEach((_, at) => [0, 1, 6, 7].includes(at % 8) && (voxels[at] = 0));
      for (const make of [nifti1, nifti2]) {
        for (const littleEndian of [true, false]) {
          const whole = file(
            make(
              {
                ...good,
                datatype,
                sform_code: 1,
                srow: [
                  [0, 2, 0, 9],
                  [1, 0, 0, 8],
                  [0, 0, 3, 7],
                ],
              },
              littleEndian,
            ),
            voxels,
          );
          for (const content of [whole, gzipSync(whole)]) {
            const expected = await readInNode(content);
            expect(await readNifti(content)).toEqual(expected);
            expect(await readNifti(new Blob([new Uint8Array(content)]))).toEqual(expected);
            expect(await readInNode(new Blob([new Uint8Array(content)]))).toEqual(expected);
          }
        }
      }
    },
  );

  it('scales, passes over extensions, and reads bytes that threads share', async () => {
    const header = nifti1({ ...good, scl_slope: 0.5, scl_inter: -3, vox_offset: 384 });
    const extended = file(header, noise.subarray(0, 1000), Buffer.concat([Buffer.of(1, 0, 0, 0), Buffer.alloc(32, 7)]));
    const expected = await readInNode(extended);
    expect(expected.data).toBeInstanceOf(Float32Array);
    expect(await readNifti(extended)).toEqual(expected);
    const shared = new Uint8Array(new SharedArrayBuffer(extended.length));
    shared.set(extended);
    expect(await readNifti(shared)).toEqual(expected);
  });

  it('names a file that a page was given, and bytes as such', async () => {
    const text = new File(['hello, this is text'], 'scan 7.nii.gz');
    expect(await refusal(text)).toMatch(
      /^scan 7\.nii\.gz: not a NIfTI file \(the first bytes are 68 65 6c 6c\), expected/,
    );
    expect(await refusal(new Blob(['hello']))).toMatch(/^NIfTI bytes in memory: not a NIfTI file/);
    expect(await refusal(new Uint8Array(0))).toMatch(
      /^NIfTI bytes in memory: not a NIfTI file \(the first bytes are none\)/,
    );
    const whole = gzipSync(bytes);
    const short = new File([new Uint8Array(whole.subarray(0, -9))], 'short.nii.gz');
    expect(await refusal(short)).toMatch(
      /^short\.nii\.gz: the gzip stream is corrupt or truncated, expected a complete/,
    );
    const pair = nifti1({ ...good, magic: 'ni1\0', vox_offset: 0 });
    expect(await refusal(pair)).toMatch(/^NIfTI bytes in memory: the voxels are in another file/);
  });

  it('refuses gzip streams that are truncated, corrupt, or go on', async () => {
    const whole = gzipSync(bytes);
    for (const cut of [1, 4, 8, 9, 300]) {
      expect(await refusal(whole.subarray(0, whole.length - cut))).toMatch(/gzip stream is corrupt or truncated/);
    }
    const flipped = Buffer.from(whole);
    flipped[flipped.length - 7]! ^= 1;
    expect(await refusal(flipped)).toMatch(/gzip stream is corrupt or truncated/);
    expect(await refusal(gzipSync(Buffer.concat([bytes, Buffer.alloc(1)])))).toMatch(/continues after the 1352 bytes/);
    expect(await refusal(gzipSync(Buffer.concat([bytes, Buffer.alloc(50_000_000)])))).toMatch(/continues after/);
  });

  it('refuses sizes above the limit, and more than the bytes can hold, before any memory is taken', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const large = file(nifti1({ ...good, dim: [3, 1000, 1000, 1000, 1, 1, 1, 1] }), noise.subarray(0, 1000));
    expect(await refusal(large)).toMatch(/after 1352 bytes, expected the 1000000352 bytes/);
    expect(await refusal(gzipSync(large))).toMatch(/after at most \d+ bytes/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
    expect(await refusal(bytes, { maxBytes: 1351 })).toMatch(/expected at most 1351 \(the limit maxBytes\)/);
    expect((await readNifti(bytes, { limits: { maxBytes: 1352 } })).data).toHaveLength(1000);
  });
});
