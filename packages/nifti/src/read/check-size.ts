import { DataError } from '@interseg/errors';
import { elementCount } from '../arrays.ts';
import type { Datatype } from '../header/datatypes.ts';
import type { NiftiHeader } from '../header/header.ts';
import type { ByteSource } from './byte-source.ts';
import { bytesInMemory } from './decode-voxels.ts';

/**
 * Compares the size in the header with the limit and the bytes available, before memory is allocated.
 *
 * @param offset the first byte of the voxels
 * @param limit the most bytes, decompressed on disk and in memory
 * @throws DataError if the volume is too large or the file too short
 */
export function checkSize(
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

/** The error for a file that is shorter than its header promises. */
export function shortPayload(source: ByteSource, promised: number, found: string): DataError {
  return new DataError(
    `${source.name}: the file ends too early, after ${found} bytes, ` +
      `expected the ${promised} bytes that its header promises.`,
  );
}
