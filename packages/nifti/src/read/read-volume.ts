import { DataError } from '@interseg/errors';
import type { Affine } from '../affine/affine.ts';
import { elementCount, type TypedNumberArray } from '../arrays.ts';
import { datatypeFromCode, type Datatype } from '../header/datatypes.ts';
import { affineFromHeader, gridSpacing, shapeFromHeader } from '../header/grid.ts';
import { firstVoxelOffset, headerBytes, type NiftiHeader } from '../header/header.ts';
import { headerKind, parseHeader } from '../header/parse-header.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteSource } from './byte-source.ts';
import { bytesInMemory, decodeVoxels } from './decode-voxels.ts';

/** An image on a grid. */
export interface Volume {
  /** The values, scaled as the file asks, first axis fastest. */
  data: TypedNumberArray;
  /** The extents as the file has them, first axis fastest: [nx, ny, nz], [nx, ny, nz, nt], … */
  shape: number[];
  /** The distance between neighbours along each axis: millimetres for the first three. */
  spacing: number[];
  /** Voxel indices to RAS millimetres. */
  affine: Affine;
  header: NiftiHeader;
}

/** What a reader may use at most. */
export interface ReadLimits {
  /** The largest number of bytes of a volume, on disk decompressed and in memory; Defaults to 4 GiB. */
  maxBytes?: number;
}

/** The limit of {@link ReadLimits} where none is given: 4 GiB. */
export const defaultLimit = 4 * 1024 ** 3;

/** Reads an image whose header and voxels are in one source. @throws DataError as {@link Volume}'s readers tell */
export async function readSingle(source: ByteSource, limit: number): Promise<Volume> {
  const reader = source.read();
  try {
    const header = await readHeader(reader, source.name);
    if (!header.singleFile) {
      throw new DataError(
        `${source.name}: a header whose voxels are in another file, expected a single file or the name of a .hdr or .img.`,
      );
    }
    const written = header.voxelOffset;
    const offset = written === 0 ? firstVoxelOffset[header.version] : written;
    if (!Number.isInteger(offset) || offset < firstVoxelOffset[header.version]) {
      throw new DataError(
        `${source.name}: the voxels are said to start at byte ${written}, ` +
          `expected 0 or at least ${firstVoxelOffset[header.version]}.`,
      );
    }
    return await readVoxels(reader, source, header, offset, limit);
  } finally {
    await reader.close();
  }
}

/** Reads an image whose header and voxels are in two sources. @throws DataError as {@link Volume}'s readers tell */
export async function readPair(headerSource: ByteSource, imageSource: ByteSource, limit: number): Promise<Volume> {
  const headerReader = headerSource.read();
  const header = await readHeader(headerReader, headerSource.name).finally(() => headerReader.close());
  if (header.singleFile) {
    throw new DataError(`${headerSource.name}: the header of a single .nii file, expected the magic "ni1" or "ni2".`);
  }
  const offset = header.voxelOffset;
  if (!Number.isInteger(offset) || offset < 0) {
    throw new DataError(
      `${headerSource.name}: the voxels are said to start at byte ${offset} of the .img, expected 0 or more.`,
    );
  }
  const reader = imageSource.read();
  try {
    return await readVoxels(reader, imageSource, header, offset, limit);
  } finally {
    await reader.close();
  }
}

async function readHeader(reader: ByteReader, name: string): Promise<NiftiHeader> {
  const bytes = new Uint8Array(headerBytes[2]);
  let filled = await reader.fill(bytes.subarray(0, headerBytes[1]));
  const { version } = headerKind(bytes.subarray(0, filled), name);
  if (version === 2) filled += await reader.fill(bytes.subarray(filled));
  return parseHeader(bytes.subarray(0, filled), name);
}

async function readVoxels(
  reader: ByteReader,
  source: ByteSource,
  header: NiftiHeader,
  offset: number,
  limit: number,
): Promise<Volume> {
  const shape = shapeFromHeader(header, source.name);
  const datatype = datatypeFromCode(header.datatypeCode, source.name);
  const affine = affineFromHeader(header, source.name);
  const bytes = elementCount(shape) * datatype.bytes;
  checkSize(source, header, datatype, shape, offset, limit);

  await reader.skip(offset - reader.position);
  const payload = new Uint8Array(bytes);
  const filled = await reader.fill(payload);
  if (filled < bytes) throw shortPayload(source, offset + bytes, String(reader.position));
  if (source.compressed && !(await reader.atEnd())) {
    throw new DataError(
      `${source.name}: the gzip stream goes on after the ${offset + bytes} bytes that its header promises, ` +
        'expected it to end there.',
    );
  }
  const data = decodeVoxels(payload, datatype, header, source.name);
  return { data, shape, spacing: gridSpacing(affine, header, shape.length), affine, header };
}

/** Everything that can be known to be wrong before memory is taken. */
function checkSize(
  source: ByteSource,
  header: NiftiHeader,
  datatype: Datatype,
  shape: readonly number[],
  offset: number,
  limit: number,
): void {
  const voxels = elementCount(shape);
  const needed = Math.max(offset + voxels * datatype.bytes, voxels * bytesInMemory(datatype, header));
  if (needed > limit) {
    throw new DataError(
      `${source.name}: ${shape.join(' × ')} voxels of ${datatype.name} need ${needed} bytes, ` +
        `expected at most ${limit} (the limit maxBytes).`,
    );
  }
  const promised = offset + voxels * datatype.bytes;
  if (promised > source.mostBytes) {
    throw shortPayload(source, promised, `${source.compressed ? 'at most ' : ''}${source.mostBytes}`);
  }
}

function shortPayload(source: ByteSource, promised: number, found: string): DataError {
  return new DataError(
    `${source.name}: the file ends too early, after ${found} bytes, ` +
      `expected the ${promised} bytes that its header promises.`,
  );
}
