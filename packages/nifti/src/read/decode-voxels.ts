import { DataError } from '@interseg/errors';
import { isLittleEndian, type TypedNumberArray } from '../arrays.ts';
import type { Datatype } from '../header/datatypes.ts';
import type { NiftiHeader } from '../header/header.ts';
import { swapBytes } from './swap-bytes.ts';

/** Whether the header's slope and intercept change the values. */
function isScaled(header: NiftiHeader): boolean {
  const { slope, intercept } = header;
  if (!Number.isFinite(slope) || slope === 0) return false;
  return slope !== 1 || (Number.isFinite(intercept) && intercept !== 0);
}

/** Bytes per voxel in the array that {@link decodeVoxels} returns. */
export function bytesInMemory(datatype: Datatype, header: NiftiHeader): number {
  return isScaled(header) ? (datatype.fitsSingle ? 4 : 8) : datatype.bytesInMemory;
}

/**
 * Decodes voxels: converts them to the byte order of this machine and scales them if the header says so (to single
 * precision if that represents every value on disk, otherwise to double precision). 64-bit integers become double
 * precision.
 *
 * @param bytes exactly the voxels, in a buffer of their own, which is changed and may become the result
 * @param file the file's name, for the error
 * @throws DataError if double precision cannot represent a 64-bit integer
 */
export function decodeVoxels(
  bytes: Uint8Array<ArrayBuffer>,
  datatype: Datatype,
  header: NiftiHeader,
  file: string,
): TypedNumberArray {
  if (header.littleEndian !== isLittleEndian) swapBytes(bytes, datatype.bytes);
  const raw = typed(bytes.buffer, datatype.name, file);
  return isScaled(header) ? scale(raw, datatype, header) : raw;
}

function typed(buffer: ArrayBuffer, name: string, file: string): TypedNumberArray {
  switch (name) {
    case 'uint8':
      return new Uint8Array(buffer);
    case 'int8':
      return new Int8Array(buffer);
    case 'uint16':
      return new Uint16Array(buffer);
    case 'int16':
      return new Int16Array(buffer);
    case 'uint32':
      return new Uint32Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'float32':
      return new Float32Array(buffer);
    case 'int64':
      return toDouble(new BigInt64Array(buffer), file);
    case 'uint64':
      return toDouble(new BigUint64Array(buffer), file);
    default:
      return new Float64Array(buffer);
  }
}

function toDouble(integers: BigInt64Array | BigUint64Array, file: string): Float64Array {
  const doubles = new Float64Array(integers.length);
  for (let index = 0; index < doubles.length; index++) {
    doubles[index] = Number(integers[index]!);
    if (!Number.isSafeInteger(doubles[index])) {
      throw new DataError(`${file}: found the voxel value ${integers[index]}, expected whole numbers up to 2⁵³.`);
    }
  }
  return doubles;
}

function scale(raw: TypedNumberArray, datatype: Datatype, header: NiftiHeader): Float32Array | Float64Array {
  const { slope } = header;
  const intercept = Number.isFinite(header.intercept) ? header.intercept : 0;
  const scaled = datatype.fitsSingle ? new Float32Array(raw.length) : new Float64Array(raw.length);
  for (let index = 0; index < raw.length; index++) scaled[index] = raw[index]! * slope + intercept;
  return scaled;
}
