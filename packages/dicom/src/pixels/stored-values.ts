import type { PixelFormat } from './pixel-format.ts';

type StoredValues = Uint8Array | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array;

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * The stored values of a frame: bits beside them, where old files have overlays, are cut off.
 *
 * @param bytes a whole frame, uncompressed
 * @param bigEndian the order of the bytes
 */
export function storedValues(bytes: Uint8Array, format: PixelFormat, bigEndian: boolean): StoredValues {
  const width = format.bitsAllocated / 8;
  // Typed arrays need an aligned start.
  const mustSwap = width > 1 && bigEndian === isLittleEndian;
  const aligned = mustSwap ? swapped(bytes, width) : bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
  const values = view(aligned, format);
  const { bitsAllocated, bitsStored, highBit, signed } = format;
  if (bitsStored === bitsAllocated) return values;
  const [left, right] = [31 - highBit, 32 - bitsStored];
  const result = values === (bytes as StoredValues) || aligned === bytes ? values.slice() : values;
  if (signed) for (let i = 0; i < result.length; i++) result[i] = (result[i]! << left) >> right;
  else for (let i = 0; i < result.length; i++) result[i] = (result[i]! << left) >>> right;
  return result;
}

function view({ buffer, byteOffset, length }: Uint8Array, { bitsAllocated, signed }: PixelFormat): StoredValues {
  const count = (8 * length) / bitsAllocated;
  if (bitsAllocated === 8) {
    return signed ? new Int8Array(buffer, byteOffset, count) : new Uint8Array(buffer, byteOffset, count);
  }
  if (bitsAllocated === 16) {
    return signed ? new Int16Array(buffer, byteOffset, count) : new Uint16Array(buffer, byteOffset, count);
  }
  return signed ? new Int32Array(buffer, byteOffset, count) : new Uint32Array(buffer, byteOffset, count);
}

function swapped(bytes: Uint8Array, width: number): Uint8Array {
  const result = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += width) {
    for (let byte = 0; byte < width; byte++) result[at + byte] = bytes[at + width - 1 - byte]!;
  }
  return result;
}
