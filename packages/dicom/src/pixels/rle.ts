import { DataError } from '@interseg/errors';

/**
 * Decodes a frame of RLE (DICOM PS3.5, annex G): a segment for each byte of a pixel, the most significant first, each in
 * PackBits.
 *
 * @param bytesPerPixel 1, 2 or 4
 * @returns the pixels, little-endian
 * @throws DataError if the segments are not as many as the bytes of a pixel, or have other than `pixels` bytes
 */
export function decodeRle(packed: Uint8Array, pixels: number, bytesPerPixel: number, name: string): Uint8Array {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const segments = packed.length >= 64 ? view.getUint32(0, true) : 0;
  if (segments !== bytesPerPixel) {
    throw new DataError(`${name}: found ${segments} segments of RLE, expected ${bytesPerPixel}, one for each byte.`);
  }
  const result = new Uint8Array(pixels * bytesPerPixel);
  for (let segment = 0; segment < segments; segment++) {
    const start = view.getUint32(4 + 4 * segment, true);
    const end = segment + 1 < segments ? view.getUint32(8 + 4 * segment, true) : packed.length;
    const place = bytesPerPixel - 1 - segment;
    if (start < 64 || end < start || end > packed.length) {
      throw new DataError(`${name}: found a segment of RLE outside of its frame, expected it within.`);
    }
    const count = unpack(packed.subarray(start, end), result, place, bytesPerPixel);
    if (count !== pixels) {
      throw new DataError(`${name}: found ${count} pixels of RLE, expected ${pixels}.`);
    }
  }
  return result;
}

/** Writes at most as many bytes as there is room for. @returns how many there were */
function unpack(packed: Uint8Array, target: Uint8Array, place: number, step: number): number {
  const most = target.length / step;
  let [at, to, count] = [0, place, 0];
  while (at < packed.length && count < most) {
    const control = packed[at++]!;
    if (control === 128) continue;
    const isRun = control > 128;
    const length = Math.min(isRun ? 257 - control : control + 1, most - count);
    if (isRun) {
      if (at >= packed.length) break;
      const value = packed[at++]!;
      for (let i = 0; i < length; i++, to += step) target[to] = value;
      count += length;
    } else {
      const there = Math.min(length, packed.length - at);
      for (let i = 0; i < there; i++, to += step) target[to] = packed[at + i]!;
      count += there;
      at += control + 1;
    }
  }
  return count;
}
