import { sha256 } from './sha256.ts';

/**
 * A new unique identifier: `2.25.` and a random UUID as a number, which anyone may use without a root of their own
 * (PS3.5, annex B.2).
 */
export function randomUid(): string {
  return uidFromBytes(crypto.getRandomValues(new Uint8Array(16)), 4);
}

/**
 * A unique identifier that follows from a text: always the same for the same text, of a UUID made from its SHA-256
 * (RFC 9562, version 8).
 */
export function uidFromText(text: string): string {
  return uidFromBytes(sha256(text).slice(0, 16), 8);
}

function uidFromBytes(bytes: Uint8Array, version: number): string {
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return `2.25.${bytes.reduce((number, byte) => number * 256n + BigInt(byte), 0n)}`;
}
