import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { file, nifti1 } from '../../test/handmade.ts';
import { DataError, OptionError } from '@interseg/errors';
import { scalingAffine, type Affine } from '../affine/affine.ts';
import { rotationFromQuaternion } from '../header/quaternion.ts';
import { readNifti } from '../read/read-nifti.ts';
import { writeNifti } from './write-nifti.ts';

const folder = await temporaryFolder();
const path = (name: string): string => join(folder, name);

describe('writeNifti: the bytes', () => {
  it('has the fields of nifti1.h at their offsets', async () => {
    const affine = scalingAffine([0.5, 1, 2], [-10, -20, -30]);
    await writeNifti(path('bytes.nii'), { data: Int16Array.of(1, 2, 3, -4, 5, 6), shape: [3, 2, 1], affine });
    const bytes = await readFile(path('bytes.nii'));
    expect(bytes.length).toBe(352 + 12);
    expect(bytes.readInt32LE(0)).toBe(348);
    expect([0, 1, 2, 3, 4].map((q) => bytes.readInt16LE(40 + 2 * q))).toEqual([3, 3, 2, 1, 1]);
    expect(bytes.readInt16LE(68)).toBe(0);
    expect([bytes.readInt16LE(70), bytes.readInt16LE(72)]).toEqual([4, 16]);
    expect([0, 1, 2, 3].map((q) => bytes.readFloatLE(76 + 4 * q))).toEqual([1, 0.5, 1, 2]);
    expect([108, 112, 116].map((q) => bytes.readFloatLE(q))).toEqual([352, 1, 0]);
    expect(bytes[123]).toBe(2);
    expect([bytes.readInt16LE(252), bytes.readInt16LE(254)]).toEqual([2, 2]);
    expect([256, 260, 264, 268, 272, 276].map((q) => bytes.readFloatLE(q))).toEqual([0, 0, 0, -10, -20, -30]);
    expect([280, 284, 288, 292].map((q) => bytes.readFloatLE(q))).toEqual([0.5, 0, 0, -10]);
    expect(bytes.toString('latin1', 344, 352)).toBe('n+1\0\0\0\0\0');
    expect(bytes.readInt16LE(352 + 6)).toBe(-4);
  });

  it('holds whole numbers of 64 bits, which are read as double precision', async () => {
    const affine = scalingAffine([1, 1, 1]);
    const data = BigInt64Array.of(-(2n ** 52n), 7n);
    await writeNifti(path('int64.nii'), { data, shape: [2, 1, 1], affine });
    const bytes = await readFile(path('int64.nii'));
    expect([bytes.readInt16LE(70), bytes.readInt16LE(72)]).toEqual([1024, 64]);
    expect([bytes.readBigInt64LE(352), bytes.readBigInt64LE(360)]).toEqual([...data]);
    expect((await readNifti(path('int64.nii'))).data).toEqual(Float64Array.of(-(2 ** 52), 7));
    await writeNifti(path('uint64.nii'), { data: BigUint64Array.of(9n), shape: [1, 1, 1], affine }, { labels: true });
    expect((await readFile(path('uint64.nii'))).readInt16LE(70)).toBe(1280);
    expect((await readNifti(path('uint64.nii'))).data).toEqual(Float64Array.of(9));
  });

  it('marks label maps and says their range', async () => {
    await writeNifti(
      path('labels.nii.gz'),
      { data: Uint8Array.of(0, 4), shape: [2, 1, 1], affine: scalingAffine([1, 1, 1]) },
      { labels: true },
    );
    const bytes = gunzipSync(await readFile(path('labels.nii.gz')));
    expect(bytes.readInt16LE(68)).toBe(1002);
    expect([bytes.readFloatLE(124), bytes.readFloatLE(128)]).toEqual([4, 0]);
  });

  it('keeps both coordinate systems of the image on whose grid it lies', async () => {
    const image = await readNifti(
      file(
        nifti1({
          dim: [3, 2, 1, 1, 1, 1, 1, 1],
          datatype: 2,
          sform_code: 4,
          qform_code: 1,
          srow: [
            [2, 0, 0, 5],
            [0, 2, 0, 6],
            [0, 0, 2, 7],
          ],
          pixdim: [-1, 2, 2, 2, 0, 0, 0, 0],
          quatern: [0, 1, 0],
          qoffset: [90, -90, -70],
        }),
        [1, 2],
      ),
    );
    await writeNifti(path('same.nii'), { ...image, data: Uint8Array.of(0, 1) }, { labels: true });
    const written = await readNifti(path('same.nii'));
    expect(written.affine).toEqual(image.affine);
    expect(written.header.sformCode).toBe(4);
    expect(written.header.qformCode).toBe(1);
    expect(written.header.quaternion).toEqual([0, 1, 0]);
    expect(written.header.quaternionOffset).toEqual([90, -90, -70]);
    expect(written.header.pixelDimensions[0]).toBe(-1);
    // Elsewhere, the old quaternion would be a lie.
    await writeNifti(path('moved.nii'), { ...image, affine: scalingAffine([2, 2, 2]) });
    expect((await readNifti(path('moved.nii'))).header.quaternion).toEqual([0, 0, 0]);
  });

  it('completes the matrix of a slice that left its third axis empty', async () => {
    const srow = [
      [2, 0, 0, 5],
      [0, -2, 0, 6],
      [0, 0, 0, 7],
    ];
    const header = nifti1({ dim: [2, 2, 1, 1, 1, 1, 1, 1], datatype: 2, sform_code: 1, srow });
    const image = await readNifti(file(header, [1, 2]));
    await writeNifti(path('slice.nii'), { ...image, data: Uint8Array.of(0, 1) }, { labels: true });
    const written = await readNifti(path('slice.nii'));
    expect(written.shape).toEqual([2, 1]);
    expect(written.header.sformRows).toEqual([
      [2, 0, 0, 5],
      [0, -2, 0, 6],
      [0, 0, -1, 7],
    ]);
    expect(written.affine).toEqual(image.affine);
  });

  it('writes no qform for a sheared grid', async () => {
    const affine: Affine = [
      [1, 0.5, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ];
    await writeNifti(path('sheared.nii'), { data: Uint8Array.of(1), shape: [1, 1, 1], affine });
    const { header, affine: read } = await readNifti(path('sheared.nii'));
    expect([header.qformCode, header.sformCode]).toEqual([0, 2]);
    expect(read).toEqual(affine);
  });
});

describe('writeNifti: what it refuses', () => {
  const volume = { data: Uint8Array.of(1, 2), shape: [2, 1, 1], affine: scalingAffine([1, 1, 1]) };

  it.each([
    ['a wrong name', 'x.img', volume, OptionError, /ends in \.nii or \.nii\.gz/],
    [
      'a wrong number of values',
      'x.nii',
      { ...volume, shape: [3, 1, 1] },
      OptionError,
      /2 values for the shape 3 × 1 × 1/,
    ],
    [
      'an affine that flattens',
      'x.nii',
      { ...volume, affine: scalingAffine([1, 0, 1]) },
      OptionError,
      /different voxels to one position/,
    ],
    ['a missing folder', 'none/x.nii', volume, DataError, /none\/x\.nii: no such file/],
    ['extents over 16 bits', 'x.nii', { ...volume, data: new Uint8Array(40000), shape: [40000] }, OptionError, /40000/],
    ['labels that are not whole', 'x.nii', { ...volume, data: Float32Array.of(1, 0.5) }, OptionError, /the label 0\.5/],
  ])('%s', async (_, name, bad, ErrorClass, message) => {
    const attempt = writeNifti(path(name), bad, { labels: true });
    await expect(attempt).rejects.toThrow(ErrorClass);
    await expect(attempt).rejects.toThrow(message);
  });

  it('leaves no temporary file behind', async () => {
    expect((await readdir(folder)).filter((name) => name.includes('tmp'))).toEqual([]);
  });
});

describe('writeNifti and readNifti', () => {
  const rotation = fc
    .tuple(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
    )
    .map(([b, c, d]) => rotationFromQuaternion([b * 0.57, c * 0.57, d * 0.57]));
  const grid = fc.record({
    rotation,
    spacing: fc.tuple(...[0, 1, 2].map(() => fc.double({ min: 0.1, max: 10, noNaN: true }))),
    origin: fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -300, max: 300, noNaN: true }))),
    mirrored: fc.boolean(),
    shape: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
    kind: fc.constantFrom(
      Uint8Array,
      Int8Array,
      Int16Array,
      Uint16Array,
      Int32Array,
      Uint32Array,
      Float32Array,
      Float64Array,
    ),
    seed: fc.integer(),
    compressed: fc.boolean(),
  });

  it('give back values, shape and place, by sform and by qform', async () => {
    await fc.assert(
      fc.asyncProperty(grid, async ({ rotation: r, spacing, origin, mirrored, shape, kind, seed, compressed }) => {
        const affine = [0, 1, 2].map((row) => [
          ...[0, 1, 2].map((column) => r[row]![column]! * spacing[column]! * (mirrored && column === 2 ? -1 : 1)),
          origin[row]!,
        ]);
        affine.push([0, 0, 0, 1]);
        const length = shape.reduce((a, b) => a * b, 1);
        const data = new kind(Array.from({ length }, (_, index) => Math.imul(seed + index, 2654435761) / 7));
        const name = path(compressed ? 'round.nii.gz' : 'round.nii');
        await writeNifti(name, { data, shape, affine });
        const read = await readNifti(name);
        expect(read.data).toEqual(data);
        expect(read.shape).toEqual(shape);
        // Coordinates are single precision on disk.
        read.affine.forEach((row, i) => row.forEach((v, j) => expect(Math.abs(v - affine[i]![j]!)).toBeLessThan(2e-5)));
        // The same place again from the quaternion alone: clear the code of the sform.
        const bytes = await readFile(name).then((b) => (compressed ? gunzipSync(b) : b));
        bytes.writeInt16LE(0, 254);
        const byQuaternion = await readNifti(bytes);
        byQuaternion.affine.forEach((row, i) =>
          row.forEach((v, j) => expect(Math.abs(v - affine[i]![j]!)).toBeLessThan(1e-4)),
        );
      }),
      { numRuns: 60, seed: 3 },
    );
  });
});
