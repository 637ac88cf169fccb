import { describe, expect, it } from 'vitest';
import { encode, encodeRle } from '../../test/encoders.ts';
import { encapsulate, slice, type Element, type SliceFields, type Syntax } from '../../test/handmade.ts';
import { read, seriesOf } from '../../test/read-files.ts';
import { readSeries } from '../series/read-series-node.ts';
import { readSeriesWith } from '../series/read-series.ts';
import { startNodeWorker } from './decoding/node-worker.ts';

const values = async (fields: SliceFields, syntax?: Syntax): Promise<number[]> => {
  const { data } = await read([slice(fields, syntax)]);
  return [...data];
};

describe('values', () => {
  it.each<Syntax>(['implicit', 'explicit', 'deflated', 'bigEndian'])('of 8, 16 and 32 bits in %s', async (syntax) => {
    expect(await values({ bits: 8, pixels: [0, 1, 127, 128, 254, 255] }, syntax)).toEqual([0, 1, 127, 128, 254, 255]);
    expect(await values({ pixels: [0, 1, 256, 32768, 65534, 65535] }, syntax)).toEqual([
      0, 1, 256, 32768, 65534, 65535,
    ]);
    const signed = [-32768, -2, -1, 0, 1, 32767];
    expect(await values({ signed: true, pixels: signed }, syntax)).toEqual(signed);
    const large = [0, 1, 65536, 16777217, 2 ** 31, 2 ** 32 - 1];
    expect(await values({ bits: 32, pixels: large }, syntax)).toEqual(large);
  });

  it('are cut to the stored bits: overlays in the bits above do not matter', async () => {
    const pixels = [0x8fff, 0xf001, 0x0800, 0x17ff, 0, 0xffff];
    expect(await values({ stored: 12, pixels })).toEqual([4095, 1, 2048, 2047, 0, 4095]);
    expect(await values({ stored: 12, signed: true, pixels })).toEqual([-1, 1, -2048, 2047, 0, -1]);
    expect(await values({ stored: 12, high: 15, pixels })).toEqual([2303, 3840, 128, 383, 0, 4095]);
  });

  it('are rescaled, as whole numbers of 16 bits where those suffice', async () => {
    const rescale = (slope: string, intercept: string): Element[] => [
      [0x00281052, 'DS', intercept],
      [0x00281053, 'DS', slope],
    ];
    const ofBits = async (stored: number, slope: string, intercept: string): Promise<string> => {
      const { data } = await read([slice({ stored, more: rescale(slope, intercept) })]);
      expect([...data]).toEqual(
        [0, 1, 2, 3, 4, 5].map((value) => Math.fround(value * Number(slope) + Number(intercept))),
      );
      return data.constructor.name;
    };
    expect(await ofBits(12, '1', '-1024')).toBe('Int16Array');
    expect(await ofBits(16, '1', '0')).toBe('Uint16Array');
    expect(await ofBits(16, '1', '-1024')).toBe('Float32Array');
    expect(await ofBits(12, '0.5', '3')).toBe('Float32Array');
  });

  it('of MONOCHROME1 are inverted, except in CT', async () => {
    const more: Element[] = [[0x00280004, 'CS', 'MONOCHROME1']];
    expect(await values({ stored: 12, modality: 'MR', more })).toEqual([4095, 4094, 4093, 4092, 4091, 4090]);
    expect(await values({ stored: 12, modality: 'CT', more })).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('outside of the image get the smallest of the others', async () => {
    const fields = { signed: true, pixels: [-2000, 5, -7, 9, -2000, 11] };
    const more: Element[] = [[0x00280120, 'US', -2000]];
    const { data, paddedVoxels } = await read([slice({ ...fields, more })]);
    expect([...data]).toEqual([-7, 5, -7, 9, -7, 11]);
    expect(paddedVoxels).toBe(2);
    const range: Element[] = [...more, [0x00280121, 'US', -1]];
    expect(await values({ ...fields, more: range })).toEqual([5, 5, 5, 9, 5, 11]);
  });

  it('of 0 outside of an MR image stay', async () => {
    const fields = { pixels: [0, 5, 7, 9, 0, 11], more: [[0x00280120, 'US', 0]] as Element[] };
    expect(await values({ ...fields, modality: 'MR' })).toEqual([0, 5, 7, 9, 0, 11]);
    expect(await values({ ...fields, modality: 'CT' })).toEqual([5, 5, 7, 9, 5, 11]);
  });
});

describe('encodings with compression', () => {
  const [columns, rows] = [40, 30];
  const smooth = Uint16Array.from({ length: columns * rows }, (_, i) => 1000 + (i % columns) * 3 + (i >> 6) * 7);
  const bytes = Uint8Array.from(smooth, (value) => value >> 4);
  const size = { columns, rows };

  it('RLE of 8 and 16 bits', async () => {
    const wide = await read([slice(size, 'rle', encapsulate([encodeRle(smooth)]))]);
    expect([...wide.data]).toEqual([...smooth]);
    const narrow = await read([slice({ ...size, bits: 8 }, 'rle', encapsulate([encodeRle(bytes)]))]);
    expect([...narrow.data]).toEqual([...bytes]);
  });

  it.each(['jpegLs', 'jpeg2000'] as const)('%s of 8 and 16 bits, in a worker', async (codec) => {
    const wide = await read([slice(size, codec, encapsulate([await encode(codec, smooth, size)]))]);
    expect([...wide.data]).toEqual([...smooth]);
    const packed = encapsulate([await encode(codec, bytes, size)]);
    expect([...(await read([slice({ ...size, bits: 8 }, codec, packed)])).data]).toEqual([...bytes]);
    // Some writers leave 16 bits for what 8 would hold.
    expect([...(await read([slice({ ...size, stored: 8 }, codec, packed)])).data]).toEqual([...bytes]);
  });

  it('in many slices at once, in their order', async () => {
    const files = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const pixels = smooth.map((value) => value + index);
        const packed = encapsulate([await encode('jpegLs', pixels, size)]);
        return slice({ ...size, position: [0, 0, index], instance: index }, 'jpegLs', packed);
      }),
    );
    const { data } = await read(files);
    for (let index = 0; index < 12; index++) expect(data[index * columns * rows]).toBe(1000 + index);
  });

  it('in several fragments', async () => {
    const packed = await encode('jpegLs', smooth, size);
    const half = (packed.length >> 2) << 1;
    const file = slice(size, 'jpegLs', encapsulate([packed.subarray(0, half), packed.subarray(half)]));
    expect([...(await read([file])).data]).toEqual([...smooth]);
  });

  it.each<[string, () => Promise<Buffer> | Buffer, RegExp]>([
    [
      'another size in the codestream',
      async () => slice({ ...size, rows: 31 }, 'jpeg2000', encapsulate([await encode('jpeg2000', smooth, size)])),
      /^0\.dcm: found 40 × 30 pixels of 1 samples in the encoded pixels, expected 40 × 31 grey ones\.$/,
    ],
    [
      'bytes of something else',
      () => slice(size, 'jpeg2000', encapsulate([new Uint8Array(500)])),
      /^0\.dcm: found no size in the encoded pixels, expected 40 × 30 grey ones\.$/,
    ],
    [
      'no fragment',
      () => slice(size, 'rle', encapsulate([])),
      /^0\.dcm: found no fragment of pixels, expected at least one for each frame\.$/,
    ],
    [
      'RLE for more than it can hold',
      () => slice({ columns: 60000, rows: 60000 }, 'rle', encapsulate([encodeRle(smooth)])),
      /^0\.dcm: found \d+ bytes of encoded pixels, expected more for 60000 × 60000 pixels\.$/,
    ],
    [
      'too short RLE',
      () => slice({ ...size, rows: 31 }, 'rle', encapsulate([encodeRle(smooth)])),
      /^0\.dcm: found 1200 pixels of RLE, expected 1240\.$/,
    ],
    [
      'RLE of other pixels',
      () => slice({ ...size, bits: 8 }, 'rle', encapsulate([encodeRle(smooth)])),
      /^0\.dcm: found 2 segments of RLE, expected 1, one for each byte\.$/,
    ],
    [
      'too few bytes',
      () => slice({ rows: 3, pixels: [1, 2] }),
      /^0\.dcm: found 4 bytes of pixels, expected 18 for 3 × 3/,
    ],
    [
      'colours',
      () => slice({ more: [[0x00280004, 'CS', 'RGB']] }),
      /^0\.dcm: found pixels of RGB, expected grey ones \(MONOCHROME1 or MONOCHROME2\)\.$/,
    ],
    [
      '12 bits',
      () => slice({ more: [[0x00280100, 'US', 12]] }),
      /^0\.dcm: found 12 bits for a pixel, expected 8, 16 or 32/,
    ],
    ['bits beyond the pixel', () => slice({ high: 16 }), /^0\.dcm: found 16 bits up to bit 16 in a pixel of 16/],
  ])('refuses %s', async (_, make, message) => {
    const error = await read([await make()]).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'DataError' });
    expect((error as Error).message).toMatch(message);
  });

  it('ends a codec that does not end, as that of JPEG-LS does not where its bytes do', async () => {
    const packed = (await encode('jpegLs', smooth, size)).subarray(0, 60);
    const series = await seriesOf([slice(size, 'jpegLs', encapsulate([packed]))]);
    const reading = readSeriesWith({ startWorker: startNodeWorker, cores: 1, seconds: 3 }, series);
    await expect(reading).rejects.toThrow(
      /^0\.dcm: found pixels that cannot be decoded \(no result after 3 s\), expected JPEG-LS\.$/,
    );
  });

  it('refuses an encoding that it does not know', async () => {
    const file = slice();
    const at = file.indexOf('1.2.840.10008.1.2.1\0', 132);
    file.write('1.2.840.10008.1.2.9', at);
    await expect(read([file])).rejects.toThrow(
      '0.dcm: found the encoding 1.2.840.10008.1.2.9, expected one without compression, RLE, JPEG, JPEG-LS or JPEG 2000.',
    );
  });

  it('refuses a volume above the limit before it is made', async () => {
    const reading = readSeries(await seriesOf([slice()]), { maxBytes: 11 });
    await expect(reading).rejects.toThrow('3 × 2 × 1 voxels need 12 bytes, expected at most 11 (the limit maxBytes).');
  });
});
