import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { elementCount, type TypedBigIntArray, type TypedNumberArray } from '../arrays.ts';
import { DataError } from '../errors.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { isInvertible, type Affine } from '../geometry/affine.ts';
import { buildHeader } from './build-header.ts';
import { datatypeOfArray } from './datatypes.ts';
import { encodeHeader } from './encode-header.ts';
import type { NiftiHeader } from './header.ts';

/** What {@link writeNifti} writes. */
export interface WritableVolume {
  /** The values, first axis fastest; their type becomes the type on disk. */
  readonly data: TypedNumberArray | TypedBigIntArray;
  /** The extents, first axis fastest. */
  readonly shape: readonly number[];
  /** Only what lies beyond the third axis counts (e.g. seconds): the first three follow from the affine. */
  readonly spacing?: readonly number[];
  /** Voxel indices to RAS millimetres. */
  readonly affine: Affine;
  /** The header of the image on whose grid this volume lies: its coordinate systems and description are kept. */
  readonly header?: NiftiHeader;
}

const CHUNK_BYTES = 1 << 20;

/**
 * Writes a NIfTI-1 single file, gzip-compressed if the name ends in `.gz`: unscaled, with sform and (unless the grid is
 * sheared) qform, in millimetres. The file appears under its name when it is complete.
 *
 * @param options.labels marks the file as a label map (intent 1002, shown from 0 to the largest label)
 * @throws DataError when the name does not end in `.nii` or `.nii.gz`, the folder cannot be written to, the number of
 * values does not fit the shape, the affine is not invertible, or labels are not whole numbers
 */
export async function writeNifti(
  path: string,
  volume: WritableVolume,
  options: { labels?: boolean } = {},
): Promise<void> {
  const { data, shape, affine } = volume;
  if (!/\.nii(\.gz)?$/i.test(path)) throw new DataError(`${path}: expected a name that ends in .nii or .nii.gz.`);
  if (data.length !== elementCount(shape)) {
    throw new DataError(
      `${path}: ${data.length} values for the shape ${shape.join(' × ')}, expected as many as voxels.`,
    );
  }
  if (!isInvertible(affine)) {
    throw new DataError(
      `${path}: the affine puts different voxels at one place, expected three axes of a finite length.`,
    );
  }
  const header = buildHeader(
    {
      shape,
      spacing: volume.spacing ?? [],
      affine,
      datatype: datatypeOfArray(data),
      labelRange: options.labels ? [0, largestLabel(data, path)] : undefined,
      template: volume.header,
    },
    path,
  );
  const chunks = [encodeHeader(header), ...slices(data)];
  await writeAtomically(path, async (temporary) => {
    const file = createWriteStream(temporary);
    if (/\.gz$/i.test(path)) await pipeline(Readable.from(chunks), createGzip(), file);
    else await pipeline(Readable.from(chunks), file);
  });
}

function* slices(data: WritableVolume['data']): Generator<Uint8Array> {
  for (let start = 0; start < data.byteLength; start += CHUNK_BYTES) {
    yield new Uint8Array(data.buffer, data.byteOffset + start, Math.min(CHUNK_BYTES, data.byteLength - start));
  }
}

function largestLabel(data: WritableVolume['data'], path: string): number {
  let largest = 0;
  for (const value of data) {
    if (typeof value !== 'bigint' && !Number.isInteger(value)) {
      throw new DataError(`${path}: the label ${value}, expected whole numbers.`);
    }
    if (value > largest) largest = Number(value);
  }
  return largest;
}
