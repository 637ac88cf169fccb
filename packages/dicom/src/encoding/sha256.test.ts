import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha256 } from './sha256.ts';

const reference = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest());

it('is the digest of FIPS 180-4', () => {
  // The standard's own example.
  expect(Buffer.from(sha256('abc')).toString('hex')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
  // Around the ends of blocks.
  for (const length of [0, 55, 56, 63, 64, 119, 120, 1000]) {
    expect(sha256('ä'.repeat(length))).toEqual(reference('ä'.repeat(length)));
  }
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      expect(sha256(text)).toEqual(reference(text));
    }),
  );
});
