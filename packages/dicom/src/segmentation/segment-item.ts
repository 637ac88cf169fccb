import type { Attributes } from '../encoding/attributes.ts';
import { toCielab } from './cielab.ts';
import type { Segment } from './segment.ts';
import type { CodedTerm } from './terms.ts';

/** A coded term as an item of a sequence (PS3.3, section 8.8). */
export function codeItem({ value, scheme, meaning }: CodedTerm): Attributes {
  const code: Attributes = value.length <= 16 ? { CodeValue: value } : { LongCodeValue: value };
  return { ...code, CodingSchemeDesignator: scheme, CodeMeaning: meaning };
}

/** A segment's description (PS3.3, section C.8.20.4). */
export function segmentItem(segment: Segment, number: number): Attributes {
  const { label, description, category, type, modifier, color, algorithmType, algorithmName } = segment;
  return {
    SegmentNumber: number,
    SegmentLabel: label,
    SegmentDescription: description,
    SegmentAlgorithmType: algorithmType,
    SegmentAlgorithmName: algorithmType === 'MANUAL' ? undefined : algorithmName,
    SegmentedPropertyCategoryCodeSequence: [codeItem(category)],
    SegmentedPropertyTypeCodeSequence: [
      {
        ...codeItem(type),
        SegmentedPropertyTypeModifierCodeSequence: modifier && [codeItem(modifier)],
      },
    ],
    RecommendedDisplayCIELabValue: toCielab(color),
  };
}
