import { describe, expect, it } from 'vitest';
import { swapBytes, swapBytesInScript } from './swap-bytes.ts';

describe.each([
  ['with native code', swapBytes],
  ['in script', swapBytesInScript],
])('swapping bytes %s', (_, swap) => {
  it.each([2, 4, 8])('reverses each number of %i bytes, also of odd counts', (width) => {
    for (const count of [0, 1, 2, 3, 7]) {
      const bytes = Uint8Array.from({ length: width * count }, (_, index) => (index * 37 + 11) & 255);
      const expected = Array.from(bytes, (_, at) => bytes[at - (at % width) + width - 1 - (at % width)]);
      swap(bytes, width);
      expect([...bytes]).toEqual(expected);
    }
  });
});

it('leaves numbers of one byte alone, and asks a machine without native code nothing', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  swapBytes(bytes, 1);
  expect([...bytes]).toEqual([1, 2, 3]);
  const { Buffer: native } = globalThis;
  try {
    Object.assign(globalThis, { Buffer: undefined });
    const pair = Uint8Array.of(1, 2, 3, 4);
    swapBytes(pair, 2);
    expect([...pair]).toEqual([2, 1, 4, 3]);
  } finally {
    Object.assign(globalThis, { Buffer: native });
  }
});
