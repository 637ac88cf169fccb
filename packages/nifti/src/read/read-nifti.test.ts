import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { file, nifti1, nifti2 } from '../../test/handmade.ts';
import { DataError } from '@interseg/errors';
import { readNifti } from './read-nifti.ts';

const folder = await temporaryFolder();
const dim223 = [3, 2, 2, 3, 1, 1, 1, 1];
const twelve = Buffer.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);

/** The message of the DataError that reading gives; fails when there is none. */
async function refusal(source: string | Uint8Array, limits?: { maxBytes?: number }): Promise<string> {
  const error: unknown = await readNifti(source, { limits }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
}

describe('readNifti: what is in the file', () => {
  it('reads voxels first axis fastest, with the shape, spacing and type on disk', async () => {
    const volume = await readNifti(
      file(nifti1({ dim: dim223, datatype: 2, pixdim: [1, 0.5, 2, 3, 0, 0, 0, 0] }), twelve),
    );
    expect(volume.shape).toEqual([2, 2, 3]);
    expect(volume.spacing).toEqual([0.5, 2, 3]);
    expect(volume.data).toEqual(new Uint8Array(twelve));
    expect(volume.affine).toEqual([
      [0.5, 0, 0, 0],
      [0, 2, 0, 0],
      [0, 0, 3, 0],
      [0, 0, 0, 1],
    ]);
  });

  it.each([true, false])('reads 16-bit voxels of either byte order (little endian: %s)', async (littleEndian) => {
    const voxels = Buffer.alloc(4);
    if (littleEndian) {
      voxels.writeInt16LE(-2, 0);
      voxels.writeInt16LE(300, 2);
    } else {
      voxels.writeInt16BE(-2, 0);
      voxels.writeInt16BE(300, 2);
    }
    for (const make of [nifti1, nifti2]) {
      const volume = await readNifti(file(make({ dim: [1, 2, 1, 1, 1, 1, 1, 1], datatype: 4 }, littleEndian), voxels));
      expect(volume.data).toEqual(Int16Array.of(-2, 300));
      expect(volume.header.littleEndian).toBe(littleEndian);
      expect(volume.header.version).toBe(make === nifti1 ? 1 : 2);
    }
  });

  it('reads every real data type', async () => {
    const cases: [number, number, (b: Buffer) => unknown, unknown][] = [
      [2, 1, (b) => b.writeUInt8(200), Uint8Array.of(200)],
      [256, 1, (b) => b.writeInt8(-100), Int8Array.of(-100)],
      [4, 2, (b) => b.writeInt16BE(-30000), Int16Array.of(-30000)],
      [512, 2, (b) => b.writeUInt16BE(60000), Uint16Array.of(60000)],
      [8, 4, (b) => b.writeInt32BE(-2e9), Int32Array.of(-2e9)],
      [768, 4, (b) => b.writeUInt32BE(4e9), Uint32Array.of(4e9)],
      [16, 4, (b) => b.writeFloatBE(1.5), Float32Array.of(1.5)],
      [64, 8, (b) => b.writeDoubleBE(Math.PI), Float64Array.of(Math.PI)],
      [1024, 8, (b) => b.writeBigInt64BE(-(2n ** 40n)), Float64Array.of(-(2 ** 40))],
      [1280, 8, (b) => b.writeBigUInt64BE(2n ** 50n), Float64Array.of(2 ** 50)],
    ];
    for (const [datatype, bytes, put, expected] of cases) {
      const voxel = Buffer.alloc(bytes);
      put(voxel);
      const volume = await readNifti(file(nifti1({ dim: [3, 1, 1, 1, 1, 1, 1, 1], datatype }, false), voxel));
      expect(volume.data).toEqual(expected);
    }
  });

  it('scales by slope and intercept', async () => {
    const scaled = nifti1({ dim: [1, 3, 1, 1, 1, 1, 1, 1], datatype: 2, scl_slope: 0.5, scl_inter: -10 });
    expect((await readNifti(file(scaled, [0, 1, 200]))).data).toEqual(Float32Array.of(-10, -9.5, 90));
    const wide = nifti1({ dim: [1, 1, 1, 1, 1, 1, 1, 1], datatype: 8, scl_slope: 2, scl_inter: 1 });
    const voxel = Buffer.alloc(4);
    voxel.writeInt32LE(1_000_000_001);
    // 2 000 000 003 needs more than the 24 bits of single precision.
    expect((await readNifti(file(wide, voxel))).data).toEqual(Float64Array.of(2_000_000_003));
  });

  it.each([0, NaN, Infinity, -Infinity])('takes a slope of %s as unscaled', async (scl_slope) => {
    const header = nifti1({ dim: [1, 2, 1, 1, 1, 1, 1, 1], datatype: 2, scl_slope, scl_inter: 7 });
    expect((await readNifti(file(header, [3, 4]))).data).toEqual(Uint8Array.of(3, 4));
  });

  it('takes an offset of 0 as right after the header, and passes over extensions', async () => {
    const header = nifti1({ dim: dim223, datatype: 2, vox_offset: 0 });
    expect((await readNifti(file(header, twelve))).data).toEqual(new Uint8Array(twelve));
    expect((await readNifti(file(nifti2({ dim: dim223, datatype: 2, vox_offset: 0 }), twelve))).data[11]).toBe(11);
    const extension = Buffer.alloc(4 + 32, 0xee);
    extension[0] = 1;
    extension.writeInt32LE(32, 4);
    const extended = file(nifti1({ dim: dim223, datatype: 2, vox_offset: 384 }), twelve, extension);
    expect((await readNifti(extended)).data).toEqual(new Uint8Array(twelve));
    expect((await readNifti(gzipSync(extended))).data).toEqual(new Uint8Array(twelve));
  });

  it('keeps four axes, and reads two', async () => {
    const four = await readNifti(
      file(nifti1({ dim: [4, 2, 1, 3, 2, 1, 1, 1], datatype: 2, pixdim: [1, 1, 1, 1, 2.5, 0, 0, 0] }), twelve),
    );
    expect(four.shape).toEqual([2, 1, 3, 2]);
    expect(four.spacing).toEqual([1, 1, 1, 2.5]);
    const two = nifti1({ dim: [2, 3, 4, 1, 1, 1, 1, 1], datatype: 2, pixdim: [1, 2, 2, 0, 0, 0, 0, 0] });
    expect((await readNifti(file(two, twelve))).shape).toEqual([3, 4]);
  });

  it('ignores bytes after the last voxel of an uncompressed file', async () => {
    const volume = await readNifti(file(nifti1({ dim: dim223, datatype: 2 }), [...twelve, 99, 99]));
    expect(volume.data).toEqual(new Uint8Array(twelve));
  });

  it('leaves the bytes that it is given as they are', async () => {
    const bytes = file(nifti1({ dim: [1, 1, 1, 1, 1, 1, 1, 1], datatype: 4 }, false), [1, 0]);
    const copy = Buffer.from(bytes);
    expect((await readNifti(bytes)).data).toEqual(Int16Array.of(256));
    expect(bytes.equals(copy)).toBe(true);
  });
});

describe('readNifti: files', () => {
  it('tells gzip by its bytes, not by the name', async () => {
    const bytes = file(nifti1({ dim: dim223, datatype: 2 }), twelve);
    await writeFile(join(folder, 'plain.nii.gz'), bytes);
    await writeFile(join(folder, 'zipped.nii'), gzipSync(bytes));
    for (const name of ['plain.nii.gz', 'zipped.nii']) {
      expect((await readNifti(join(folder, name))).data).toEqual(new Uint8Array(twelve));
    }
  });

  it('reads a pair by the name of either file, compressed or not', async () => {
    const header = nifti1({ dim: dim223, datatype: 2, vox_offset: 4, magic: 'ni1\0' });
    const image = Buffer.concat([Buffer.alloc(4, 0xee), twelve]);
    await writeFile(join(folder, 'pair.hdr'), header);
    await writeFile(join(folder, 'pair.img'), image);
    await writeFile(join(folder, 'mixed.hdr'), header);
    await writeFile(join(folder, 'mixed.img.gz'), gzipSync(image));
    for (const name of ['pair.hdr', 'pair.img', 'mixed.hdr', 'mixed.img.gz']) {
      expect((await readNifti(join(folder, name))).data).toEqual(new Uint8Array(twelve));
    }
    await writeFile(join(folder, 'lonely.hdr'), header);
    expect(await refusal(join(folder, 'lonely.hdr'))).toMatch(/lonely\.img: no such file/);
    await writeFile(join(folder, 'headeronly.nii'), header);
    expect(await refusal(join(folder, 'headeronly.nii'))).toMatch(/headeronly\.nii: .*another file/);
  });

  it('names a missing file, a folder, and a file that is not NIfTI', async () => {
    expect(await refusal(join(folder, 'none.nii.gz'))).toMatch(/none\.nii\.gz: no such file, expected a NIfTI file\.$/);
    expect(await refusal(folder)).toContain(folder);
    await writeFile(join(folder, 'text.nii'), 'hello, this is text');
    expect(await refusal(join(folder, 'text.nii'))).toMatch(
      /text\.nii: not a NIfTI file \(the first bytes are 68 65 6c 6c\)/,
    );
    await writeFile(join(folder, 'empty.nii'), '');
    expect(await refusal(join(folder, 'empty.nii'))).toMatch(/empty\.nii: not a NIfTI file/);
  });

  it.skipIf(process.platform === 'win32')('does not wait for a pipe that nobody writes to', async () => {
    await promisify(execFile)('mkfifo', [join(folder, 'pipe.nii')]);
    expect(await refusal(join(folder, 'pipe.nii'))).toMatch(
      /pipe\.nii: found no regular file, expected a NIfTI file\.$/,
    );
  });
});

describe('readNifti: what it refuses', () => {
  const good = { dim: dim223, datatype: 2 };

  it.each([
    [128, 'RGB24'],
    [2304, 'RGBA32'],
    [32, 'complex64'],
    [1792, 'complex128'],
    [1536, 'float128'],
    [1, 'binary'],
    [7777, '7777'],
  ])('data type %i by its name', async (datatype, name) => {
    expect(await refusal(file(nifti1({ ...good, datatype }), twelve))).toContain(name);
  });

  it.each([
    [[0, 2, 2, 3, 1, 1, 1, 1]],
    [[8, 2, 2, 3, 1, 1, 1, 1]],
    [[-3, 2, 2, 3, 1, 1, 1, 1]],
    [[3, 2, 0, 3, 1, 1, 1, 1]],
    [[3, 2, -2, 3, 1, 1, 1, 1]],
  ])('impossible dimensions %j', async (dim) => {
    expect(await refusal(file(nifti1({ ...good, dim }), twelve))).toMatch(/axes|impossible dimensions/);
  });

  it('a payload that is short, plain and compressed', async () => {
    const short = file(nifti1(good), twelve.subarray(0, 11));
    expect(await refusal(short)).toMatch(/after 363 bytes, expected the 364 bytes/);
    expect(await refusal(gzipSync(short))).toMatch(/after 363 bytes, expected the 364 bytes/);
    expect(await refusal(nifti1(good).subarray(0, 200))).toMatch(/ends after 200 bytes/);
  });

  it('a truncated and a corrupt gzip stream', async () => {
    const noise = Uint8Array.from({ length: 8000 }, (_, i) => (i * i * 31 + (i >> 3)) & 255);
    const whole = gzipSync(file(nifti1({ dim: [3, 20, 20, 20, 1, 1, 1, 1], datatype: 2 }), noise));
    expect(await refusal(whole.subarray(0, whole.length - 300))).toMatch(/gzip stream is truncated/);
    // Without the last byte every voxel is there, but not the proof that they are right.
    expect(await refusal(whole.subarray(0, whole.length - 1))).toMatch(/gzip stream is truncated/);
    const flipped = Buffer.from(whole);
    flipped[flipped.length - 7]! ^= 1;
    expect(await refusal(flipped)).toMatch(/gzip stream is corrupt/);
  });

  it('a gzip stream that goes on after what the header promises', async () => {
    expect(await refusal(gzipSync(file(nifti1(good), [...twelve, 0])))).toMatch(/continues after the 364 bytes/);
    const bomb = gzipSync(Buffer.concat([file(nifti1(good), twelve), Buffer.alloc(50_000_000)]));
    expect(await refusal(bomb)).toMatch(/continues after/);
  });

  it('sizes above the limit, and more than the bytes can hold, before any memory is taken', async () => {
    const huge = { dim: [3, 32767, 32767, 32767, 1, 1, 1, 1], datatype: 64 };
    expect(await refusal(file(nifti1(huge), twelve))).toMatch(/expected at most 4294967296 \(the limit maxBytes\)/);
    const before = process.memoryUsage().arrayBuffers;
    const large = { dim: [3, 1000, 1000, 1000, 1, 1, 1, 1], datatype: 2 };
    expect(await refusal(file(nifti1(large), twelve))).toMatch(/after 364 bytes, expected the 1000000352 bytes/);
    expect(await refusal(gzipSync(file(nifti1(large), twelve)))).toMatch(/after at most \d+ bytes/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
    const endless = { dim: [7, 2 ** 40, 2 ** 40, 2 ** 40, 2 ** 40, 2 ** 40, 1, 1], datatype: 2 };
    expect(await refusal(file(nifti2(endless), twelve))).toMatch(/maxBytes/);
    expect(await refusal(file(nifti1(good), twelve), { maxBytes: 363 })).toMatch(/at most 363/);
    // 12 voxels become 48 bytes when they are scaled: that counts as well.
    const scaled = nifti1({ dim: [3, 100, 10, 1, 1, 1, 1, 1], datatype: 2, scl_slope: 2 });
    expect(await refusal(file(scaled, Buffer.alloc(1000)), { maxBytes: 3999 })).toMatch(/need 4000 bytes/);
  });

  it('offsets inside the header, broken or beyond the end', async () => {
    for (const offset of [348, -1, 352.5, NaN]) {
      expect(await refusal(file(nifti1({ ...good, vox_offset: offset }), twelve))).toMatch(
        /says that the voxels start at byte/,
      );
    }
    expect(await refusal(file(nifti1({ ...good, vox_offset: 4096 }), twelve))).toMatch(/expected the 4108 bytes/);
  });

  it('64-bit integers that double precision cannot hold', async () => {
    const voxel = Buffer.alloc(8);
    voxel.writeBigInt64LE(2n ** 53n + 1n);
    const message = await refusal(file(nifti1({ dim: [1, 1, 1, 1, 1, 1, 1, 1], datatype: 1024 }), voxel));
    expect(message).toContain('9007199254740993');
  });

  it('ANALYZE headers and wrong magics', async () => {
    expect(await refusal(file(nifti1({ ...good, magic: '\0\0\0\0' }), twelve))).toMatch(/ANALYZE/);
    expect(await refusal(file(nifti1({ ...good, magic: 'n+2\0' }), twelve))).toMatch(/magic "n\+2/);
  });

  it('a NIfTI-2 file that was transferred as text: the four bytes after the magic tell', async () => {
    for (const littleEndian of [true, false]) {
      const whole = file(nifti2({ ...good, vox_offset: 544 }, littleEndian), twelve);
      expect((await readNifti(whole)).data).toEqual(new Uint8Array(twelve));
      for (let at = 8; at < 12; at++) {
        const damaged = Buffer.from(whole);
        damaged[at]! ^= 1;
        expect(await refusal(damaged)).toMatch(/the bytes [0-9a-f ]{11} after the magic of NIfTI-2, .*0d 0a 1a 0a/);
      }
    }
    // As a transfer in text mode does it: carriage returns are dropped, and all that follows moves.
    const text = Buffer.from(file(nifti2(good), twelve).toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
    expect(await refusal(text)).toMatch(/the bytes 0a 1a 0a 02 after the magic of NIfTI-2/);
  });
});
