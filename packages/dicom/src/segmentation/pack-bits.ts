/**
 * Packs values as bits, the first in the lowest bit of the first byte: how DICOM stores frames of one bit (PS3.5, section
 * 8.1.1). Frames follow each other without a gap, so one may begin within a byte.
 *
 * @param bits the bytes to set bits in
 * @param start the index of the first bit
 * @param isSet whether the value at an index, from 0 to below `count`, is 1
 */
export function packBits(bits: Uint8Array, start: number, count: number, isSet: (index: number) => boolean): void {
  for (let i = 0; i < count; i++) {
    if (isSet(i)) bits[(start + i) >> 3]! |= 1 << ((start + i) & 7);
  }
}

/** Calls back for each bit that is set, of `count` from `start`, with its index from 0. */
export function forEachSetBit(bits: Uint8Array, start: number, count: number, visit: (index: number) => void): void {
  for (let i = 0; i < count; i++) {
    const position = start + i;
    const byte = bits[position >> 3]!;
    // Most bytes of most masks are 0.
    if (byte === 0 && (position & 7) === 0 && i + 8 <= count) i += 7;
    else if (byte & (1 << (position & 7))) visit(i);
  }
}
