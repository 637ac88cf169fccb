import { DataError } from '@interseg/errors';
import type { AttributeReader } from '../encoding/attribute-reader.ts';
import { fromCielab, type Color } from './cielab.ts';
import type { CodedTerm } from './terms.ts';

/** What a DICOM SEG says of a segment. Parts that it lacks are absent. */
export interface FoundSegment {
  /** Its value in the label map. */
  readonly number: number;
  readonly label: string;
  readonly description?: string;
  readonly category?: CodedTerm;
  readonly type?: CodedTerm;
  readonly modifier?: CodedTerm;
  readonly color?: Color;
  /** Such as `AUTOMATIC` or `MANUAL`. */
  readonly algorithmType?: string;
  readonly algorithmName?: string;
}

/** @throws DataError if there is no segment, or a number is missing or there twice */
export function readSegments(object: AttributeReader, name: string): FoundSegment[] {
  const segments = object.items('SegmentSequence').map((item): FoundSegment => {
    const number = item.number('SegmentNumber');
    if (number === undefined) throw new DataError(`${name}: found a segment without a number, expected one each.`);
    const [type] = item.items('SegmentedPropertyTypeCodeSequence');
    const color = item.numbers('RecommendedDisplayCIELabValue');
    return {
      number,
      label: item.text('SegmentLabel') ?? `segment ${number}`,
      description: item.text('SegmentDescription'),
      category: term(item.items('SegmentedPropertyCategoryCodeSequence')[0]),
      type: term(type),
      modifier: term(type?.items('SegmentedPropertyTypeModifierCodeSequence')[0]),
      color: color.length === 3 ? fromCielab(color as [number, number, number]) : undefined,
      algorithmType: item.text('SegmentAlgorithmType'),
      algorithmName: item.text('SegmentAlgorithmName'),
    };
  });
  if (segments.length === 0) throw new DataError(`${name}: found no segment, expected at least one.`);
  const numbers = segments.map(({ number }) => number);
  const twice = numbers.find((number, index) => numbers.indexOf(number) < index);
  if (twice !== undefined) throw new DataError(`${name}: found segment ${twice} twice, expected each number once.`);
  return segments.sort((a, b) => a.number - b.number);
}

function term(item: AttributeReader | undefined): CodedTerm | undefined {
  const value = item?.text('CodeValue') ?? item?.text('LongCodeValue') ?? item?.text('URNCodeValue');
  const meaning = item?.text('CodeMeaning');
  if (value === undefined || meaning === undefined) return undefined;
  return { value, scheme: item!.text('CodingSchemeDesignator') ?? '', meaning };
}
