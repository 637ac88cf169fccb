import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { file, nifti1, nifti2, type Fields } from '../../test/handmade.ts';
import { elementCount } from '../arrays.ts';
import { DataError } from '@interseg/errors';
import { readNifti } from './read-nifti.ts';
import { readNifti as readInBrowser } from './read-nifti-browser.ts';
import type { Volume } from './volume.ts';

/*
 * Damaged files by fixed seeds. Whatever the bytes: a volume of exactly the size that its header says and within the
 * limit, or a DataError in one sentence; within a second, and without taking memory for what the limit forbids.
 */
const limit = 1_000_000;
/** What reading may take besides the voxels: pieces of the stream before and after decompression. */
const workingMemory = 24_000_000;
const seeds = 250;

const folder = await temporaryFolder();
const fields: Fields = {
  dim: [3, 4, 3, 2, 1, 1, 1, 1],
  datatype: 4,
  pixdim: [1, 0.5, 0.5, 2, 1, 1, 1, 1],
  quatern: [0.1, 0.2, 0.3],
  srow: [
    [1, 0.1, 0, -3],
    [0, 1, 0, 4],
    [0, 0, 1, 5],
  ],
};
const voxels = Buffer.alloc(4 * 3 * 2 * 8, 7);

type Source = string | Uint8Array;
type Reader = (source: Source, options: { limits: { maxBytes: number } }) => Promise<Volume>;

async function checkRead(read: Reader, source: Source, runs = { volumes: 0, refusals: 0 }): Promise<void> {
  const before = process.memoryUsage().arrayBuffers;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Reading hangs.')), 1000);
  });
  try {
    const reading = read(source, { limits: { maxBytes: limit } });
    const { data, shape, spacing, affine, header } = await Promise.race([reading, late]);
    expect(shape).toEqual(header.dimensions.slice(1, 1 + header.dimensions[0]!));
    expect(data.length).toBe(elementCount(shape));
    expect(data.byteLength).toBeLessThanOrEqual(limit);
    expect(spacing).toHaveLength(shape.length);
    expect(spacing.every((length) => length > 0 && length < Infinity)).toBe(true);
    expect(affine.flat().every(Number.isFinite)).toBe(true);
    runs.volumes++;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    expect(error.message).toMatch(/^[^\n]+: [^\n]+, expected [^\n]+\.$/);
    // One sentence: a full stop is followed by the end, or stands inside a word or number.
    expect(error.message.replaceAll(folder, '')).not.toMatch(/\.\s/);
    runs.refusals++;
  } finally {
    clearTimeout(timer);
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(limit + workingMemory);
}

type Packing = 'plain' | 'damaged, then zipped' | 'zipped, then damaged' | 'pair' | 'zipped pair';
const variety = fc.record({
  version: fc.constantFrom(1, 2),
  littleEndian: fc.boolean(),
  form: fc.constantFrom({}, { sform_code: 1 }, { qform_code: 1 }),
  datatype: fc.constantFrom(2, 4, 8, 16, 64, 256, 512, 768, 1024, 1280),
});

/** An intact header, of a single file or of a pair. */
function intactHeader(one: typeof variety extends fc.Arbitrary<infer T> ? T : never, pair: boolean): Buffer {
  const magic = { 1: 'ni1\0', 2: 'ni2\0\r\n\x1a\n' }[one.version];
  const paired = pair ? { vox_offset: 0, magic } : {};
  const make = one.version === 1 ? nifti1 : nifti2;
  return make({ ...fields, datatype: one.datatype, ...one.form, ...paired }, one.littleEndian);
}

const inBrowser: Reader = (source, options) => {
  if (typeof source === 'string') throw new Error('There are no paths in a browser.');
  return readInBrowser(source, options);
};

describe.each<[string, Reader]>([
  ['in Node', readNifti],
  ['in a browser', inBrowser],
])('readNifti %s on damaged files', (_, read) => {
  // Browsers read single files only.
  const pairs: Packing[] = read === inBrowser ? [] : ['pair', 'zipped pair'];
  const packing = fc.constantFrom<Packing>('plain', 'damaged, then zipped', 'zipped, then damaged', ...pairs);

  const damage = fc.record({
    bits: fc.array(fc.nat({ max: 0xffffff }), { maxLength: 6 }),
    bytes: fc.array(fc.tuple(fc.nat({ max: 0xffffff }), fc.constantFrom(0, 1, 127, 128, 255)), { maxLength: 4 }),
    cut: fc.option(fc.nat({ max: 0xffffff }), { freq: 3 }),
  });

  function damaged(whole: Uint8Array, { bits, bytes, cut }: typeof damage extends fc.Arbitrary<infer T> ? T : never) {
    const copy = Buffer.from(whole);
    for (const bit of bits) copy[(bit >> 3) % copy.length]! ^= 1 << (bit & 7);
    for (const [at, value] of bytes) copy[at % copy.length] = value;
    return cut === null ? copy : copy.subarray(0, cut % copy.length);
  }

  it(`of which bits or bytes were changed or the end cut off, before or after compression (${seeds} seeds)`, async () => {
    const runs = { volumes: 0, refusals: 0 };
    await fc.assert(
      fc.asyncProperty(variety, packing, damage, async (one, how, harm) => {
        if (how === 'pair' || how === 'zipped pair') {
          const suffix = how === 'pair' ? '' : '.gz';
          const pack = (bytes: Uint8Array): Uint8Array => (suffix ? gzipSync(bytes) : bytes);
          await writeFile(join(folder, `x.hdr${suffix}`), pack(damaged(intactHeader(one, true), harm)));
          await writeFile(join(folder, `x.img${suffix}`), damaged(pack(voxels.subarray(0, 24 * 8)), harm));
          return checkRead(read, join(folder, `x.${harm.bits.length % 2 ? 'hdr' : 'img'}${suffix}`), runs);
        }
        const whole = file(intactHeader(one, false), voxels);
        if (how === 'zipped, then damaged') return checkRead(read, damaged(gzipSync(whole), harm), runs);
        const bytes = damaged(whole, harm);
        return checkRead(read, how === 'plain' ? bytes : gzipSync(bytes), runs);
      }),
      { numRuns: seeds, seed: 11 },
    );
    // Neither outcome is rare, so both are put to the test.
    expect(runs.volumes).toBeGreaterThan(seeds / 20);
    expect(runs.refusals).toBeGreaterThan(seeds / 4);
  });

  it(`of which one to three header fields are at an extreme (${seeds} seeds)`, async () => {
    const runs = { volumes: 0, refusals: 0 };
    const extremes = [0, -0, 1, -1, 2, 7, 8, 255, 32767, -32768, 2 ** 31 - 1, -(2 ** 31), 2 ** 53, 1e30, -1e30];
    const change = fc.record({
      name: fc.constantFrom(
        'dim',
        'pixdim',
        'datatype',
        'vox_offset',
        'scl_slope',
        'quatern',
        'qoffset',
        'srow',
        'code',
      ),
      index: fc.nat({ max: 7 }),
      value: fc.constantFrom(...extremes, NaN, Infinity, -Infinity, 1e-45, 3.4028234663852886e38),
    });
    await fc.assert(
      fc.asyncProperty(
        variety,
        fc.array(change, { minLength: 1, maxLength: 3 }),
        packing,
        async (one, changes, how) => {
          const pair = how === 'pair' || how === 'zipped pair';
          const header = intactHeader(one, pair);
          for (const { name, index, value } of changes) putField(header, one, name, index, value);
          if (pair) {
            const suffix = how === 'pair' ? '' : '.gz';
            const pack = (bytes: Uint8Array): Uint8Array => (suffix ? gzipSync(bytes) : bytes);
            await writeFile(join(folder, `y.hdr${suffix}`), pack(header));
            await writeFile(join(folder, `y.img${suffix}`), pack(voxels));
            return checkRead(read, join(folder, `y.hdr${suffix}`), runs);
          }
          const bytes = file(header, voxels);
          return checkRead(read, how === 'plain' ? bytes : gzipSync(bytes), runs);
        },
      ),
      { numRuns: seeds, seed: 12 },
    );
    expect(runs.volumes).toBeGreaterThan(seeds / 20);
    expect(runs.refusals).toBeGreaterThan(seeds / 4);
  });

  it('that would inflate to a multiple of the limit, each for a different reason', async () => {
    const zeros = gzipSync(Buffer.alloc(64_000_000));
    const endless = (header: Buffer): Buffer => Buffer.concat([gzipSync(file(header, voxels)), zeros]);
    // More than promised; an offset far out; a promise above the limit; no header at all.
    await checkRead(read, endless(nifti1(fields)));
    await checkRead(read, endless(nifti1({ ...fields, vox_offset: 2 ** 30 })));
    await checkRead(read, endless(nifti1({ ...fields, dim: [3, 600, 600, 500, 1, 1, 1, 1] })));
    await checkRead(read, zeros);
  });
});

/** Where a field lies in NIfTI-1 and in NIfTI-2, and how wide its numbers are there. */
const fieldPlaces: Record<string, { at: [number, number]; integer: boolean; bytes: [number, number]; count: number }> =
  {
    dim: { at: [40, 16], integer: true, bytes: [2, 8], count: 8 },
    datatype: { at: [70, 12], integer: true, bytes: [2, 2], count: 1 },
    pixdim: { at: [76, 104], integer: false, bytes: [4, 8], count: 8 },
    scl_slope: { at: [112, 176], integer: false, bytes: [4, 8], count: 2 },
    code: { at: [252, 344], integer: true, bytes: [2, 4], count: 2 },
    quatern: { at: [256, 352], integer: false, bytes: [4, 8], count: 3 },
    qoffset: { at: [268, 376], integer: false, bytes: [4, 8], count: 3 },
    srow: { at: [280, 400], integer: false, bytes: [4, 8], count: 8 },
  };

function putField(
  header: Buffer,
  { version, littleEndian }: { version: number; littleEndian: boolean },
  name: string,
  index: number,
  value: number,
): void {
  const second = version - 1;
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  // The offset is a float in the one version and an integer in the other.
  const place =
    fieldPlaces[name] ??
    ({ at: [108, 168], integer: version === 2, bytes: [4, 8], count: 1 } as (typeof fieldPlaces)[string]);
  const bytes = place!.bytes[second]!;
  const at = place!.at[second]! + bytes * (index % place!.count);
  const whole = Number.isFinite(value) ? BigInt(Math.round(value)) : 0n;
  if (!place!.integer) {
    if (bytes === 4) view.setFloat32(at, value, littleEndian);
    else view.setFloat64(at, value, littleEndian);
  } else if (bytes === 8) {
    view.setBigInt64(at, BigInt.asIntN(64, whole), littleEndian);
  } else if (bytes === 4) {
    view.setInt32(at, Number(BigInt.asIntN(32, whole)), littleEndian);
  } else {
    view.setInt16(at, Number(BigInt.asIntN(16, whole)), littleEndian);
  }
}
