import { OptionError } from '@interseg/errors';
import { isInvertible, type Affine } from '../affine/affine.ts';
import { elementCount, withoutSharedMemory, type TypedBigIntArray, type TypedNumberArray } from '../arrays.ts';
import { buildHeader } from '../header/build-header.ts';
import { datatypeOfElements } from '../header/datatypes.ts';
import { encodeHeader } from '../header/encode-header.ts';
import type { NiftiHeader } from '../header/header.ts';
import { splitIntoChunks } from '../read/byte-source.ts';

/** What `writeNifti` and {@link encodeNifti} write. */
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

/** How a volume is encoded. */
export interface EncodeOptions {
  /** Whether it is a label map (intent 1002, shown from 0 to the largest label). Defaults to false. */
  labels?: boolean;
  /** Whether the bytes are gzip-compressed. Defaults to true. */
  compressed?: boolean;
  /** What errors call the volume. Defaults to `the volume`. */
  name?: string;
}

/**
 * The bytes of a NIfTI-1 single file, as `writeNifti` writes them: for a download in a browser, or an upload.
 *
 * @returns the content of a `.nii.gz`, or of a `.nii` with `compressed: false`
 * @throws OptionError when the number of values does not fit the shape, the affine is not invertible, or labels are not whole
 * numbers
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

/** The bytes of an uncompressed file, in parts; those of the voxels share the volume's memory. @throws OptionError as {@link encodeNifti} */
export function encodeChunks(
  volume: WritableVolume,
  name: string,
  { labels }: Pick<EncodeOptions, 'labels'>,
): Uint8Array<ArrayBuffer>[] {
  const { data, shape, affine } = volume;
  if (data.length !== elementCount(shape)) {
    throw new OptionError(
      `${name}: ${data.length} values for the shape ${shape.join(' × ')}, expected as many as voxels.`,
    );
  }
  if (!isInvertible(affine)) {
    throw new OptionError(
      `${name}: the affine puts different voxels at one place, expected three axes of a finite length.`,
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
  for (const value of data) {
    if (typeof value !== 'bigint' && !Number.isInteger(value)) {
      throw new OptionError(`${name}: the label ${value}, expected whole numbers.`);
    }
    if (value > largest) largest = Number(value);
  }
  return largest;
}
