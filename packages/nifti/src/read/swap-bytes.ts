/**
 * Reverses the byte order of each number, in place.
 *
 * @param bytes whole numbers of `width` bytes, in a buffer of their own
 * @param width bytes per number: 1, 2, 4 or 8
 */
export function swapBytes(bytes: Uint8Array<ArrayBuffer>, width: number): void {
  if (width === 1) return;
  // Node has native code for this, which is several times faster. Read as a property, so that no bundler adds a polyfill.
  const native = (globalThis as { Buffer?: typeof Buffer }).Buffer?.from(bytes.buffer);
  if (!native) swapBytesInScript(bytes, width);
  else if (width === 2) native.swap16();
  else if (width === 4) native.swap32();
  else native.swap64();
}

/** {@link swapBytes} where there is no native code, as in browsers. */
export function swapBytesInScript({ buffer }: Uint8Array<ArrayBuffer>, width: number): void {
  if (width === 2) {
    // Two numbers at a time: half as many steps.
    const pairs = new Uint32Array(buffer, 0, buffer.byteLength >>> 2);
    for (let i = 0; i < pairs.length; i++) {
      const pair = pairs[i]!;
      pairs[i] = ((pair & 0x00ff00ff) << 8) | ((pair >>> 8) & 0x00ff00ff);
    }
    if (buffer.byteLength & 2) new Uint8Array(buffer, buffer.byteLength - 2).reverse();
    return;
  }
  const words = new Uint32Array(buffer);
  const step = width >>> 2;
  for (let i = 0; i < words.length; i += step) {
    const first = reverse(words[i]!);
    words[i] = reverse(words[i + step - 1]!);
    words[i + step - 1] = first;
  }
}

function reverse(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}
