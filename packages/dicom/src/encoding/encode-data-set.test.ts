import { describe, expect, it } from 'vitest';
import { encodeDataSet } from './encode-data-set.ts';
import { encodeFile } from './encode-file.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const ascii = (text: string): string => Buffer.from(text, 'latin1').toString('hex');

describe('explicit VR little endian', () => {
  it('is bytes as in PS3.5, section 7.1, in the order of tags', () => {
    const bytes = encodeDataSet({
      Rows: 258,
      Modality: 'SEG',
      ImageType: ['DERIVED', 'PRIMARY'],
      StudyDate: '',
      PatientID: undefined,
    });
    expect(hex(bytes)).toBe(
      [
        `08000800${ascii('CS')}1000${ascii('DERIVED\\PRIMARY ')}`,
        `08002000${ascii('DA')}0000`,
        `08006000${ascii('CS')}0400${ascii('SEG ')}`,
        `28001000${ascii('US')}02000201`,
      ].join(''),
    );
  });

  it('has sequences and items with their lengths', () => {
    const inner = `62000400${ascii('US')}02000300`;
    expect(hex(encodeDataSet({ SegmentSequence: [{ SegmentNumber: 3 }, {}] }))).toBe(
      `62000200${ascii('SQ')}00001a000000feff00e00a000000${inner}feff00e000000000`,
    );
    expect(hex(encodeDataSet({ SegmentSequence: [] }))).toBe(`62000200${ascii('SQ')}000000000000`);
  });

  it('fills up to even lengths: text by a space, identifiers and bytes by a zero', () => {
    expect(hex(encodeDataSet({ SOPClassUID: '1.2' }))).toBe(`08001600${ascii('UI')}0400${ascii('1.2\0')}`);
    expect(hex(encodeDataSet({ PixelData: Uint8Array.of(1, 2, 3) }))).toBe(
      `e07f1000${ascii('OB')}00000400000001020300`,
    );
    // 'é' has two bytes in UTF-8.
    expect(hex(encodeDataSet({ PatientID: 'é' }))).toBe(`10002000${ascii('LO')}0200c3a9`);
  });

  it('writes numbers, decimals and tags', () => {
    expect(hex(encodeDataSet({ DimensionIndexValues: [1, 65536] }))).toBe(`20005791${ascii('UL')}08000100000000000100`);
    expect(hex(encodeDataSet({ PixelSpacing: [0.5, '0.50'], NumberOfFrames: 12 }))).toBe(
      `28000800${ascii('IS')}0200${ascii('12')}28003000${ascii('DS')}0800${ascii('0.5\\0.50')}`,
    );
    expect(hex(encodeDataSet({ DimensionIndexPointer: ['ReferencedSegmentNumber', 'ImagePositionPatient'] }))).toBe(
      `20006591${ascii('AT')}080062000b0020003200`,
    );
  });

  it('refuses what a reader would take for something else', () => {
    expect(() => encodeDataSet({ SegmentLabel: 'left\\right' })).toThrow(
      "SegmentLabel (0062,0005): found a backslash in 'left\\right', which separates values, expected none.",
    );
    expect(() => encodeDataSet({ SegmentLabel: 'x'.repeat(65) })).toThrow('found 65 characters');
    expect(() => encodeDataSet({ Rows: 65536 })).toThrow(
      'Rows (0028,0010): found 65536, expected a whole number of 16 bits.',
    );
    expect(() => encodeDataSet({ NumberOfFrames: 1.5 })).toThrow('found 1.5, expected a whole number');
    expect(() => encodeDataSet({ SoftwareVersions: Array(2000).fill('x'.repeat(60)) as string[] })).toThrow(
      'SoftwareVersions (0018,1020): found 122000 bytes, expected at most 65534.',
    );
    // A name has three groups of 64 characters, and a long text may have backslashes.
    expect(() => encodeDataSet({ PatientName: ['a', 'b', 'c'].map((c) => c.repeat(64)).join('=') })).not.toThrow();
    expect(() => encodeDataSet({ PatientComments: 'a\\b' })).not.toThrow();
  });
});

it('a file has a preamble and meta information of the length that it says', () => {
  const file = encodeFile({ SOPClassUID: '1.2', SOPInstanceUID: '1.2.3', Modality: 'SEG' });
  expect(hex(file.subarray(0, 128))).toBe('00'.repeat(128));
  expect(hex(file.subarray(128, 140))).toBe(`${ascii('DICM')}02000000${ascii('UL')}0400`);
  const length = new DataView(file.buffer).getUint32(140, true);
  expect(hex(file.subarray(144 + length, 152 + length))).toBe(`08001600${ascii('UI')}0400`);
  expect(() => encodeFile({ SOPClassUID: '1.2' })).toThrow('found no SOPClassUID or SOPInstanceUID');
});
