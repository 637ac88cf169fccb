/** The typed arrays that can hold voxels: all those whose elements are numbers. */
export type TypedNumberArray =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** A new typed array of the same type as another, filled with zeros. */
export function emptyLike<T extends TypedNumberArray>(array: T, length: number): T {
  return new (array.constructor as new (length: number) => T)(length);
}

/** The number of elements of an array with this shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Typed arrays of 64-bit integers, which can be written; they are read back in double precision. */
export type TypedBigIntArray = BigInt64Array | BigUint64Array;

/** Whether typed arrays are little-endian on this machine. */
export const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Bytes that a Blob takes: those in shared memory are copied, as browsers refuse them. */
export function withoutSharedMemory(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice();
}
