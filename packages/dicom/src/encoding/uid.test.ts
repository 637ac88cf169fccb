import { expect, it } from 'vitest';
import { randomUid, uidFromText } from './uid.ts';

/** The UUID behind `2.25.`, in the usual notation. */
function uuid(uid: string): string {
  expect(uid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
  return BigInt(uid.slice(5)).toString(16).padStart(32, '0');
}

it('makes identifiers of UUIDs: random ones, and those of a text', () => {
  const made = new Set(Array.from({ length: 1000 }, randomUid));
  expect(made.size).toBe(1000);
  for (const uid of made) expect(uuid(uid)).toMatch(/^.{12}4.{3}[89ab]/);
  expect(uidFromText('a')).toBe(uidFromText('a'));
  expect(uidFromText('a')).not.toBe(uidFromText('b'));
  // SHA-256 of 'abc' begins ba7816bf8f01cfea414140de5dae2223: version 8 and variant 10 take the place of 6 bits.
  expect(uuid(uidFromText('abc'))).toBe('ba7816bf8f018fea814140de5dae2223');
});
