import { DataError } from '@interseg/errors';
import { elementCount } from '../arrays.ts';
import { datatypeFromCode } from '../header/datatypes.ts';
import { affineFromHeader, gridSpacing, shapeFromHeader } from '../header/grid.ts';
import { firstVoxelOffset, headerBytes, type NiftiHeader } from '../header/header.ts';
import { headerKind, parseHeader } from '../header/parse-header.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteSource } from './byte-source.ts';
import { checkSize, shortPayload } from './check-size.ts';
import { decodeVoxels } from './decode-voxels.ts';
import type { Volume } from './volume.ts';

/** Reads a volume whose header and voxels are in one source. @throws DataError as `readNifti` does */
export async function readSingle(source: ByteSource, limit: number): Promise<Volume> {
  const reader = source.read();
  try {
    const header = await readHeader(reader, source.name);
    if (!header.singleFile) {
      throw new DataError(
        `${source.name}: the voxels are in another file, expected a single file or the name of a .hdr or .img file.`,
      );
    }
    const written = header.voxelOffset;
    const offset = written === 0 ? firstVoxelOffset[header.version] : written;
    if (!Number.isInteger(offset) || offset < firstVoxelOffset[header.version]) {
      throw new DataError(
        `${source.name}: the header says that the voxels start at byte ${written}, ` +
          `expected 0 or at least ${firstVoxelOffset[header.version]}.`,
      );
    }
    return await readVoxels(reader, source, header, offset, limit);
  } finally {
    await reader.close();
  }
}

/** Reads a volume whose header and voxels are in two sources. @throws DataError as `readNifti` does */
export async function readPair(headerSource: ByteSource, imageSource: ByteSource, limit: number): Promise<Volume> {
  const headerReader = headerSource.read();
  const header = await readHeader(headerReader, headerSource.name).finally(() => headerReader.close());
  if (header.singleFile) {
    throw new DataError(`${headerSource.name}: the header of a single .nii file, expected the magic "ni1" or "ni2".`);
  }
  const offset = header.voxelOffset;
  if (!Number.isInteger(offset) || offset < 0) {
    throw new DataError(
      `${headerSource.name}: the header says that the voxels start at byte ${offset} of the .img file, expected 0 or more.`,
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
      `${source.name}: the gzip stream continues after the ${offset + bytes} bytes that its header promises, ` +
        'expected it to end there.',
    );
  }
  const data = decodeVoxels(payload, datatype, header, source.name);
  return { data, shape, spacing: gridSpacing(affine, header, shape.length), affine, header };
}
