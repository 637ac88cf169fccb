import type { AttributeReader } from '../encoding/attribute-reader.ts';
import type { Attributes } from '../encoding/attributes.ts';
import type { DicomSlice } from '../series/slice.ts';
import type { Frame } from './frames.ts';
import type { SegmentedSeries } from './grid.ts';
import { codeItem } from './segment-item.ts';

const sourceImage = codeItem({
  value: '121322',
  scheme: 'DCM',
  meaning: 'Source image for image processing operation',
});
const segmentation = codeItem({ value: '113076', scheme: 'DCM', meaning: 'Segmentation' });

/** How an identifier of the images appears in the segmentation. */
type Reference = (uid: string) => string;

/** The series of the images, and all of them. */
export function referencedSeries(slices: readonly DicomSlice[], reference: Reference): Attributes {
  const instances = [...new Set(slices.map(({ instance }) => instance))];
  return {
    SeriesInstanceUID: reference(instances[0]!.series),
    ReferencedInstanceSequence: instances.map(({ sopClass, sopInstance }) => ({
      ReferencedSOPClassUID: sopClass,
      ReferencedSOPInstanceUID: reference(sopInstance),
    })),
  };
}

/** What all frames have in common: their orientation and the size of their pixels. */
export function sharedGroups({ slices, geometry }: SegmentedSeries, image: AttributeReader): Attributes {
  const [{ instance, orientation, spacing }] = slices as [DicomSlice];
  const thickness = image.number('SliceThickness');
  return {
    // As the file has it: other programs may compare it with that of the images, digit by digit.
    PlaneOrientationSequence: [{ ImageOrientationPatient: instance.orientation ?? orientation }],
    PixelMeasuresSequence: [
      {
        SliceThickness: thickness !== undefined && thickness > 0 ? thickness : geometry.spacing[2],
        SpacingBetweenSlices: geometry.spacing[2],
        PixelSpacing: spacing,
      },
    ],
  };
}

/** What each frame has of its own: its image, its place and its segment. */
export function frameGroups(
  frames: readonly Frame[],
  slices: readonly DicomSlice[],
  reference: Reference,
): Attributes[] {
  const used = [...new Set(frames.map(({ slice }) => slice))].sort((a, b) => a - b);
  const places = new Map(used.map((slice, index) => [slice, index + 1]));
  return frames.map(({ segment, slice }) => {
    const { instance, frame, position } = slices[slice]!;
    return {
      DerivationImageSequence: [
        {
          SourceImageSequence: [
            {
              ReferencedSOPClassUID: instance.sopClass,
              ReferencedSOPInstanceUID: reference(instance.sopInstance),
              ReferencedFrameNumber: instance.frames > 1 ? frame + 1 : undefined,
              PurposeOfReferenceCodeSequence: [sourceImage],
              SpatialLocationsPreserved: 'YES',
            },
          ],
          DerivationCodeSequence: [segmentation],
        },
      ],
      FrameContentSequence: [{ DimensionIndexValues: [segment + 1, places.get(slice)!] }],
      PlanePositionSequence: [{ ImagePositionPatient: position }],
      SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment + 1 }],
    };
  });
}
