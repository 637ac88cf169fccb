import { DataError } from '@interseg/errors';
import type { AttributeReader } from '../encoding/attribute-reader.ts';
import type { Keyword } from '../encoding/dictionary.ts';

/** Where a frame of a segmentation lies, in LPS millimetres, and which segment it has. */
export interface FoundFrame {
  /** The number of its segment; undefined where the pixels are the numbers. */
  readonly segment?: number;
  /** The centre of the first pixel; undefined where only the image is named. */
  readonly position?: readonly number[];
  readonly orientation?: readonly number[];
  /** Between rows, then between columns. */
  readonly spacing?: readonly number[];
  /** The image that it belongs to. */
  readonly image?: { readonly instance: string; readonly frame: number };
}

/**
 * The frames of a segmentation, from the functional groups.
 *
 * @throws DataError if there are not as many as the object says, or numbers are missing from what is there
 */
export function readFrames(object: AttributeReader, count: number, name: string): FoundFrame[] {
  const [shared] = object.items('SharedFunctionalGroupsSequence');
  const groups = object.items('PerFrameFunctionalGroupsSequence');
  if (groups.length !== count) {
    throw new DataError(`${name}: found the places of ${groups.length} frames, expected those of ${count}.`);
  }
  return groups.map((own, index) => {
    const group = (keyword: Keyword): AttributeReader | undefined => own.items(keyword)[0] ?? shared?.items(keyword)[0];
    const numbers = (within: Keyword, keyword: Keyword, expected: number): number[] | undefined => {
      const values = group(within)?.numbers(keyword) ?? [];
      if (values.length === 0) return undefined;
      if (values.length === expected && values.every((value) => Math.abs(value) < 1e6)) return values;
      throw new DataError(
        `${name}: found ${keyword} ${values.join(', ')} in frame ${index + 1}, expected ${expected} numbers.`,
      );
    };
    const spacing = numbers('PixelMeasuresSequence', 'PixelSpacing', 2);
    if (spacing?.some((length) => length <= 0)) {
      throw new DataError(`${name}: found the spacing ${spacing.join(', ')}, expected millimetres above 0.`);
    }
    const [image] = group('DerivationImageSequence')?.items('SourceImageSequence') ?? [];
    const instance = image?.text('ReferencedSOPInstanceUID');
    return {
      segment: group('SegmentIdentificationSequence')?.number('ReferencedSegmentNumber'),
      position: numbers('PlanePositionSequence', 'ImagePositionPatient', 3),
      orientation: numbers('PlaneOrientationSequence', 'ImageOrientationPatient', 6),
      spacing,
      image:
        instance === undefined ? undefined : { instance, frame: (image!.number('ReferencedFrameNumber') ?? 1) - 1 },
    };
  });
}

/** The distance between slices that the file names, if any. */
export function namedGap(object: AttributeReader): number | undefined {
  const [shared] = object.items('SharedFunctionalGroupsSequence');
  const [own] = object.items('PerFrameFunctionalGroupsSequence');
  const [measures] = shared?.items('PixelMeasuresSequence') ?? [];
  const [ownMeasures] = own?.items('PixelMeasuresSequence') ?? [];
  for (const keyword of ['SpacingBetweenSlices', 'SliceThickness'] as const) {
    const gap = Math.abs(measures?.number(keyword) ?? ownMeasures?.number(keyword) ?? NaN);
    if (gap > 1e-6 && gap < 1e6) return gap;
  }
  return undefined;
}
