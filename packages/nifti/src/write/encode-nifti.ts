import { OptionError } from '@interseg/errors';
import { isInvertible, type Affine } from '../affine/affine.ts';
import { elementCount, withoutSharedMemory, type TypedBigIntArray, type TypedNumberArray } from '../arrays.ts';
import { buildHeader } from '../header/build-header.ts';
import { datatypeOfElements } from '../header/datatypes.ts';
import { encodeHeader } from '../header/encode-header.ts';
import type { NiftiHeader } from '../header/header.ts';
import { splitIntoChunks } from '../read/byte-source.ts';

/** A volume for `writeNifti` and {@link encodeNifti}. */
export interface WritableVolume {
  /** The values, first axis fastest, which are stored with the type of the array. */
  readonly data: TypedNumberArray | TypedBigIntArray;
  /** The extents, first axis fastest. */
  readonly shape: readonly number[];
  /** The spacing of axes beyond the third, such as seconds; that of the first three follows from the affine. */
  readonly spacing?: readonly number[];
  /** Maps voxel indices to RAS+ millimetres. */
  readonly affine: Affine;
  /** The header of the image on whose grid the volume lies; its coordinate systems and description are kept. */
  readonly header?: NiftiHeader;
}

/** Options of {@link encodeNifti}. */
export interface EncodeOptions {
  /** Whether the volume is a label map (intent 1002, displayed from 0 to the largest label). Defaults to false. */
  labels?: boolean;
  /** Whether to compress the bytes with gzip. Defaults to true. */
  compressed?: boolean;
  /** The volume's name, for errors. Defaults to `'the volume'`. */
  name?: string;
}

/**
 * Encodes a volume as a NIfTI-1 single file, with the bytes that `writeNifti` writes, for example for a download in a
 * browser.
 *
 * @returns the content of a `.nii.gz`, or of a `.nii` with `compressed: false`
 * @throws OptionError if the number of values does not match the shape, there are more than 7 axes or an extent above
 * 32767, the affine is not invertible, or labels are not whole numbers
 */
export async function encodeNifti(
  volume: WritableVolume,
  options: EncodeOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { compressed = true, name = 'the volume', labels } = options;
  const blob = new Blob(encodeChunks(volume, name, { labels }).map(withoutSharedMemory));
  const stream = compressed ? blob.stream().pipeThrough(new CompressionStream('gzip')) : blob.stream();
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * The bytes of an uncompressed file in chunks, of which those of the voxels share the volume's memory.
 *
 * @throws OptionError as {@link encodeNifti}
 */
export function encodeChunks(
  volume: WritableVolume,
  name: string,
  { labels }: Pick<EncodeOptions, 'labels'>,
): Uint8Array<ArrayBuffer>[] {
  const { data, shape, affine } = volume;
  if (data.length !== elementCount(shape)) {
    throw new OptionError(
      `${name}: found ${data.length} values for the shape ${shape.join(' × ')}, expected ${elementCount(shape)}.`,
    );
  }
  if (!isInvertible(affine)) {
    throw new OptionError(
      `${name}: the affine maps different voxels to one position, expected three independent axes of finite length.`,
    );
  }
  const header = buildHeader(
    {
      shape,
      spacing: volume.spacing ?? [],
      affine,
      datatype: datatypeOfElements(data),
      labelRange: labels ? [0, largestLabel(data, name)] : undefined,
      template: volume.header,
    },
    name,
  );
  return [encodeHeader(header), ...splitIntoChunks(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))];
}

function largestLabel(data: WritableVolume['data'], name: string): number {
  let largest = 0;
  for (let index = 0; index < data.length; index++) {
    const value = data[index]!;
    if (typeof value !== 'bigint' && !Number.isInteger(value)) {
      throw new OptionError(`${name}: found the label ${value}, expected whole numbers.`);
    }
    if (value > largest) largest = Number(value);
  }
  return largest;
}
