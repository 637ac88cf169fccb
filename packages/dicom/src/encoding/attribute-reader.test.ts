import dicomParser from 'dicom-parser';
import { describe, expect, it } from 'vitest';
import { AttributeReader } from './attribute-reader.ts';
import type { Attributes } from './attributes.ts';
import { encodeFile } from './encode-file.ts';

const object: Attributes = {
  SpecificCharacterSet: 'ISO_IR 192',
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.4',
  SOPInstanceUID: '1.2.3',
  PatientName: 'Müller^Zoë=山田^太郎',
  PatientComments: 'a\\b, of one value',
  StudyDate: '',
  ImageType: ['DERIVED', 'PRIMARY'],
  PixelSpacing: ['0.50', 0.25],
  NumberOfFrames: 12,
  Rows: 512,
  SegmentSequence: [
    { SegmentNumber: 1, SegmentLabel: 'Ödem', RecommendedDisplayCIELabValue: [1, 2, 65535] },
    { SegmentNumber: 2, SegmentedPropertyTypeCodeSequence: [{ CodeValue: '1' }] },
  ],
};

const read = (file: Uint8Array): AttributeReader => new AttributeReader(dicomParser.parseDicom(file));

describe('AttributeReader', () => {
  const reader = read(encodeFile(object));

  it('reads what was written', () => {
    expect(reader.text('PatientName')).toBe('Müller^Zoë=山田^太郎');
    expect(reader.text('PatientComments')).toBe('a\\b, of one value');
    expect(reader.texts('ImageType')).toEqual(['DERIVED', 'PRIMARY']);
    expect(reader.numbers('PixelSpacing')).toEqual([0.5, 0.25]);
    expect(reader.number('NumberOfFrames')).toBe(12);
    expect(reader.number('Rows')).toBe(512);
    expect(reader.has('StudyDate')).toBe(true);
    expect(reader.texts('StudyDate')).toEqual([]);
    expect(reader.has('PatientID')).toBe(false);
    expect(reader.text('PatientID')).toBeUndefined();
    const [first, second] = reader.items('SegmentSequence');
    expect(first!.text('SegmentLabel')).toBe('Ödem');
    expect(first!.numbers('RecommendedDisplayCIELabValue')).toEqual([1, 2, 65535]);
    expect(second!.items('SegmentedPropertyTypeCodeSequence')[0]!.text('CodeValue')).toBe('1');
  });

  it('copies attributes, so that they are the same bytes again', () => {
    const again = read(encodeFile(reader.attributes(Object.keys(object) as (keyof typeof object)[])));
    for (const keyword of Object.keys(object) as (keyof typeof object)[]) {
      expect(again.bytes(keyword), keyword).toEqual(reader.bytes(keyword));
    }
  });

  it('takes the character set of the data set for its items, unless they have their own', () => {
    const bytes = encodeFile({
      ...object,
      SegmentSequence: [{ SegmentLabel: 'Ö' }, { SpecificCharacterSet: 'ISO_IR 100', SegmentLabel: 'Ö' }],
    });
    const labels = read(bytes)
      .items('SegmentSequence')
      .map((item) => item.text('SegmentLabel'));
    // In Latin 1, the two bytes of Ö in UTF-8 are two characters.
    expect(labels).toEqual(['Ö', 'Ã\u0096']);
  });
});
