import { DataError } from '@interseg/errors';
import { isLittleEndian, type TypedNumberArray } from '../arrays.ts';
import type { Datatype } from '../header/datatypes.ts';
import type { NiftiHeader } from '../header/header.ts';
import { swapBytes } from './swap-bytes.ts';

/** Whether the header asks for scaling that changes anything. */
export function isScaled(header: NiftiHeader): boolean {
  const { slope, intercept } = header;
  if (!Number.isFinite(slope) || slope === 0) return false;
  return slope !== 1 || (Number.isFinite(intercept) && intercept !== 0);
}

/** Bytes of one voxel in the array that {@link decodeVoxels} gives. */
export function bytesInMemory(datatype: Datatype, header: NiftiHeader): number {
  return isScaled(header) ? (datatype.fitsSingle ? 4 : 8) : datatype.bytesInMemory;
}

/**
 * The values of the voxels: bytes in the machine's order, scaled when the header asks for it (to single precision where
 * that holds every value on disk, else to double). 64-bit integers become double precision.
 *
 * @param bytes exactly the voxels, in a buffer of their own; they are changed and may become the result
 * @throws DataError when a 64-bit integer is too large for double precision
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
      throw new DataError(`${file}: the voxel value ${integers[index]}, expected whole numbers of at most 2⁵³.`);
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
