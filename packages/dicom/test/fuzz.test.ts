import { expect, it } from 'vitest';
import fc from 'fast-check';
import { DataError } from '@interseg/errors';
import { bytesSource, groupSeries, readSeries } from '../src/index.ts';
import { encodeRle } from './encoders.ts';
import { encapsulate, patientName, slice, stack, type Element, type SliceFields, type Syntax } from './handmade.ts';

/*
 * Damaged files by fixed seeds. Whatever the bytes: volumes within the limit, files that are left out for a reason, or a
 * DataError in one sentence that does not name the patient; within a second, and without taking memory for what the limit
 * forbids.
 */
const limit = 1_000_000;
const workingMemory = 24_000_000;

const frames: Element[] = [
  [0x00280008, 'IS', '2'],
  [0x52009230, 'SQ', [0, 1].map((z): Element[] => [[0x00209113, 'SQ', [[[0x00200032, 'DS', [0, 0, z]]]]]])],
];
const pixels = Uint16Array.from({ length: 6 }, (_, index) => 300 * index);
const syntaxes: Syntax[] = ['implicit', 'explicit', 'deflated', 'bigEndian', 'rle'];

/** Intact files: two slices, or one file of two frames. */
const intact = syntaxes.flatMap((syntax) => {
  const make = (fields: SliceFields, count: number): Buffer =>
    slice(
      fields,
      syntax,
      syntax === 'rle' ? encapsulate(Array.from({ length: count }, () => encodeRle(pixels))) : undefined,
    );
  const enhanced = make({ more: frames, without: [0x00200032], pixels: [...pixels, ...pixels] }, 2);
  return [[make({}, 1), make({ position: [0, 0, 1], instance: 2 }, 1)], [enhanced]];
});

const damage = fc.record({
  files: fc.nat({ max: intact.length - 1 }),
  bits: fc.array(fc.nat({ max: 0xffffff }), { maxLength: 6 }),
  bytes: fc.array(fc.tuple(fc.nat({ max: 0xffffff }), fc.constantFrom(0, 1, 127, 128, 254, 255)), { maxLength: 4 }),
  cut: fc.option(fc.nat({ max: 0xffffff }), { freq: 4 }),
});
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function damaged({ files, bits, bytes, cut }: Damage): Uint8Array[] {
  const [first, ...others] = intact[files]!;
  const copy = Uint8Array.from(first!);
  // The preamble of 128 bytes means nothing.
  const place = (at: number): number => 128 + (at % (copy.length - 128));
  for (const bit of bits) copy[place(bit >> 3)]! ^= 1 << (bit & 7);
  for (const [at, value] of bytes) copy[place(at)] = value;
  return [cut === null ? copy : copy.subarray(0, cut % (copy.length + 1)), ...others];
}

function checkSentence(message: string): void {
  expect(message).toMatch(/^[^\n]+: [^\n]+, expected [^\n]+\.$/);
  // One sentence: a full stop is followed by the end, or stands inside a word or number.
  expect(message).not.toMatch(/\.\s/);
  expect(message).not.toMatch(/SECRET|PATIENT|Thorax/);
}

const runs = { volumes: 0, refusals: 0, leftOut: 0 };

async function check(files: readonly Uint8Array[]): Promise<void> {
  const before = process.memoryUsage().arrayBuffers;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Reading hangs.')), 2000);
  });
  const work = async (): Promise<void> => {
    const { series, leftOut } = await groupSeries(
      files.map((bytes, index) => bytesSource(`${index}.dcm`, bytes)),
      { maxBytes: limit },
    );
    for (const { name, reason } of leftOut) {
      expect(`${name}: ${reason}`).not.toMatch(/\.\s|SECRET|Thorax/);
      runs.leftOut++;
    }
    for (const one of series) {
      try {
        const { data, shape, affine } = await readSeries(one, { maxBytes: limit });
        expect(data).toHaveLength(shape[0] * shape[1] * shape[2]);
        expect(data.byteLength).toBeLessThanOrEqual(limit);
        expect(affine.flat().every(Number.isFinite)).toBe(true);
        runs.volumes++;
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        checkSentence(error.message);
        runs.refusals++;
      }
    }
  };
  try {
    await Promise.race([work(), late]);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    checkSentence(error.message);
    runs.refusals++;
  } finally {
    clearTimeout(timer);
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(limit + workingMemory);
}

it('reads the intact files', async () => {
  for (const files of intact) {
    await check(files);
    expect(runs.refusals + runs.leftOut).toBe(0);
  }
  expect(runs.volumes).toBe(intact.length);
  expect(Buffer.concat(stack(1)).includes(patientName)).toBe(true);
});

it('reads or refuses 10,000 damaged files', async () => {
  const property = fc.asyncProperty(damage, async (one) => check(damaged(one)));
  await fc.assert(property, { numRuns: 10_000, seed: 20261127, endOnFailure: true });
  // Either happens often, so that neither is untested.
  expect(runs.volumes).toBeGreaterThan(1000);
  expect(runs.refusals).toBeGreaterThan(1000);
  expect(runs.leftOut).toBeGreaterThan(1000);
});
