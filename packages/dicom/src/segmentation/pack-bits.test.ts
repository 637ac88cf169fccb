import fc from 'fast-check';
import { expect, it } from 'vitest';
import { forEachSetBit, packBits } from './pack-bits.ts';

it('puts the first value into the lowest bit', () => {
  const bits = new Uint8Array(2);
  packBits(bits, 0, 3, (index) => index !== 1);
  packBits(bits, 6, 4, () => true);
  // 101 from bit 0, and bits 6 to 9.
  expect([...bits]).toEqual([0b11000101, 0b00000011]);
});

it('gives back frames of any size, whichever bit they begin at', () => {
  const frame = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(fc.array(frame, { minLength: 1, maxLength: 6 }), (frames) => {
      const total = frames.reduce((sum, { length }) => sum + length, 0);
      const bits = new Uint8Array(Math.ceil(total / 8));
      let start = 0;
      for (const values of frames) {
        packBits(bits, start, values.length, (index) => values[index]!);
        start += values.length;
      }
      // Each bit by its definition, byte by byte.
      frames
        .flat()
        .forEach((value, index) =>
          expect(Math.floor(bits[Math.floor(index / 8)]! / 2 ** (index % 8)) % 2 === 1).toBe(value),
        );
      start = 0;
      for (const values of frames) {
        const found = values.map(() => false);
        forEachSetBit(bits, start, values.length, (index) => (found[index] = true));
        expect(found).toEqual(values);
        start += values.length;
      }
    }),
  );
});
