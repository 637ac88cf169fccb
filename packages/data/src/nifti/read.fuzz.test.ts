import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { file, nifti1, nifti2 } from '../../test/handmade.ts';
import { elementCount } from '../arrays.ts';
import { DataError } from '../errors.ts';
import { readNifti } from './read.ts';

const LIMIT = 1_000_000;
const dim = [3, 4, 3, 2, 1, 1, 1, 1];
const files = [nifti1, nifti2].map((make) =>
  file(
    make({
      dim,
      datatype: 4,
      sform_code: 1,
      srow: [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
      ],
    }),
    Buffer.alloc(48, 7),
  ),
);

/** Whatever the bytes: a volume of the size that it says, within the limit, or a DataError in one sentence. */
async function checkRead(bytes: Uint8Array): Promise<void> {
  try {
    const { data, shape, spacing, affine } = await readNifti(bytes, { limits: { maxBytes: LIMIT } });
    expect(data.length).toBe(elementCount(shape));
    expect(data.byteLength).toBeLessThanOrEqual(LIMIT);
    expect(spacing.every((length) => length > 0)).toBe(true);
    expect(affine.flat().every(Number.isFinite)).toBe(true);
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    expect((error as DataError).message).toMatch(/^NIfTI bytes in memory: [^\n]+\.$/);
  }
}

describe('readNifti on damaged files', () => {
  it('of which bytes were changed or cut off, before or after compression', async () => {
    const damage = fc.record({
      which: fc.integer({ min: 0, max: 1 }),
      changes: fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 1, 127, 128, 255)), { maxLength: 6 }),
      cut: fc.option(fc.nat(), { freq: 4 }),
      zipped: fc.constantFrom('no', 'before', 'after'),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ which, changes, cut, zipped }) => {
        const whole = files[which]!;
        const bytes = zipped === 'after' ? Buffer.from(gzipSync(whole)) : Buffer.from(whole);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        const part = cut === null ? bytes : bytes.subarray(0, cut % bytes.length);
        await checkRead(zipped === 'before' ? gzipSync(part) : part);
      }),
      { numRuns: 400, seed: 11 },
    );
  });

  it('of which a header field is extreme', async () => {
    const extreme = fc.constantFrom(0, -1, 1, 0x7fff, 0x7fffffff, -0x80000000);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 86 }), extreme, fc.boolean(), async (field, value, littleEndian) => {
        const bytes = Buffer.from(files[0]!);
        if (littleEndian) bytes.writeInt32LE(value, 4 * field);
        else bytes.writeInt32BE(value, 4 * field);
        await checkRead(bytes);
      }),
      { numRuns: 400, seed: 12 },
    );
  });
});
