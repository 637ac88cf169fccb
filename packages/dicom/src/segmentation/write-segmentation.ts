import { OptionError } from '@interseg/errors';
import { AttributeReader } from '../encoding/attribute-reader.ts';
import type { Attributes } from '../encoding/attributes.ts';
import { encodeFile } from '../encoding/encode-file.ts';
import { randomUid, uidFromText } from '../encoding/uid.ts';
import { copyModules } from './copied-modules.ts';
import { framesOfLabels, framesOfProbabilities, type EncodedFrames } from './frames.ts';
import { frameGroups, referencedSeries, sharedGroups } from './functional-groups.ts';
import type { SegmentedSeries } from './grid.ts';
import { checkSegments, type Segment } from './segment.ts';
import { segmentItem } from './segment-item.ts';

/** Options of {@link writeSegmentation}. */
export interface SegmentationOptions {
  /** Defaults to `InterSeg segmentation`. */
  seriesDescription?: string;
  /** Defaults to 300. */
  seriesNumber?: number;
  /** The version of the program that made the segmentation. */
  softwareVersion?: string;
  /**
   * Whether everything about patient and study is removed and identifiers are replaced: by others each time, or by those
   * that follow from a text. Defaults to false.
   */
  anonymize?: boolean | string;
  /** Of the content. Defaults to now. */
  date?: Date;
  /** A text from which the identifiers of the object follow. Defaults to random ones. */
  seed?: string;
}

/**
 * Writes a label map on the grid of a series as a DICOM SEG of the type BINARY (PS3.3, sections A.51 and C.8.20), in
 * explicit VR little endian. Slices without a segment have no frame of it. Patient and study are those of the first slice.
 *
 * @param labels a value for each voxel, first axis fastest: columns, rows, slices. 0 is the background.
 * @returns the content of a file
 * @throws OptionError if the labels do not fit the grid, have values that no segment has, or DICOM cannot hold what the
 * segments say
 */
export function writeSegmentation(
  series: SegmentedSeries,
  labels: ArrayLike<number>,
  segments: readonly Segment[],
  options: SegmentationOptions = {},
): Uint8Array<ArrayBuffer> {
  checkSegments(segments);
  const [columns, rows, slices] = series.geometry.shape;
  checkCount(labels, series, 'labels');
  const all = segments.flatMap(({ values }) => [...new Set(values)]);
  const attributes: Attributes = {
    SegmentationType: 'BINARY',
    SegmentsOverlap: new Set(all).size < all.length ? 'YES' : 'NO',
    ...pixelAttributes(1),
  };
  return encode(series, framesOfLabels(labels, columns * rows, slices, segments), segments, attributes, options);
}

/**
 * Writes the probabilities of segments as a DICOM SEG of the type FRACTIONAL, in steps of 1/255. See
 * {@link writeSegmentation}.
 *
 * @param probabilities from 0 to 1, one array for each segment
 * @throws OptionError if they do not fit the grid or the segments, or are not from 0 to 1
 */
export function writeFractionalSegmentation(
  series: SegmentedSeries,
  probabilities: readonly ArrayLike<number>[],
  segments: readonly Segment[],
  options: SegmentationOptions = {},
): Uint8Array<ArrayBuffer> {
  checkSegments(segments);
  if (probabilities.length !== segments.length) {
    throw new OptionError(
      `probabilities: found those of ${probabilities.length} segments, expected those of ${segments.length}.`,
    );
  }
  for (const values of probabilities) checkCount(values, series, 'probabilities');
  const [columns, rows, slices] = series.geometry.shape;
  const attributes: Attributes = {
    SegmentationType: 'FRACTIONAL',
    SegmentationFractionalType: 'PROBABILITY',
    MaximumFractionalValue: 255,
    SegmentsOverlap: segments.length > 1 ? 'YES' : 'NO',
    ...pixelAttributes(8),
  };
  return encode(series, framesOfProbabilities(probabilities, columns * rows, slices), segments, attributes, options);
}

function checkCount(values: ArrayLike<number>, { slices, geometry: { shape } }: SegmentedSeries, name: string): void {
  if (slices.length === 0 || slices.length !== shape[2]) {
    throw new OptionError(`series: found ${slices.length} slices, expected ${shape[2]}, and at least one.`);
  }
  const count = shape[0] * shape[1] * shape[2];
  if (values.length !== count) {
    throw new OptionError(`${name}: found ${values.length} values, expected ${count} for ${shape.join(' × ')} voxels.`);
  }
}

function pixelAttributes(bits: number): Attributes {
  return { BitsAllocated: bits, BitsStored: bits, HighBit: bits - 1 };
}

function encode(
  series: SegmentedSeries,
  { frames, pixels }: EncodedFrames,
  segments: readonly Segment[],
  attributes: Attributes,
  options: SegmentationOptions,
): Uint8Array<ArrayBuffer> {
  const { seriesDescription = 'InterSeg segmentation', seriesNumber = 300, softwareVersion = '0' } = options;
  const { date = new Date(), seed, anonymize } = options;
  const uid = (of: string): string => (seed === undefined ? randomUid() : uidFromText(`${seed}/${of}`));
  const image = new AttributeReader(series.slices[0]!.instance.dataSet);
  const { attributes: copied, reference, isAnonymous } = copyModules(image, anonymize);
  const dimensions = uid('dimensions');
  // The profile leaves no date as it is; the object must have one.
  const day = isAnonymous ? '19000101' : localDay(date);
  const time = isAnonymous ? '000000' : localTime(date);
  return encodeFile({
    SpecificCharacterSet: 'ISO_IR 192',
    SOPClassUID: segmentationStorage,
    SOPInstanceUID: uid('instance'),
    ...copied,
    Modality: 'SEG',
    SeriesInstanceUID: uid('series'),
    SeriesNumber: seriesNumber,
    SeriesDescription: seriesDescription,
    SeriesDate: isAnonymous ? undefined : day,
    SeriesTime: isAnonymous ? undefined : time,
    Manufacturer: 'InterSeg',
    ManufacturerModelName: 'InterSeg',
    DeviceSerialNumber: '0',
    SoftwareVersions: softwareVersion,
    ImageType: ['DERIVED', 'PRIMARY'],
    InstanceNumber: 1,
    ContentDate: day,
    ContentTime: time,
    ContentLabel: 'SEGMENTATION',
    ContentDescription: '',
    ContentCreatorName: '',
    BurnedInAnnotation: 'NO',
    ...lossyCompression(image),
    ReferencedSeriesSequence: [referencedSeries(series.slices, reference)],
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: dimensions }],
    DimensionIndexSequence: [
      {
        DimensionOrganizationUID: dimensions,
        DimensionIndexPointer: 'ReferencedSegmentNumber',
        FunctionalGroupPointer: 'SegmentIdentificationSequence',
        DimensionDescriptionLabel: 'Segment',
      },
      {
        DimensionOrganizationUID: dimensions,
        DimensionIndexPointer: 'ImagePositionPatient',
        FunctionalGroupPointer: 'PlanePositionSequence',
        DimensionDescriptionLabel: 'Position of the slice',
      },
    ],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    PixelRepresentation: 0,
    Rows: series.geometry.shape[1],
    Columns: series.geometry.shape[0],
    NumberOfFrames: frames.length,
    ...attributes,
    SegmentSequence: segments.map((segment, index) => segmentItem(segment, index + 1)),
    SharedFunctionalGroupsSequence: [sharedGroups(series, image)],
    PerFrameFunctionalGroupsSequence: frameGroups(frames, series.slices, reference),
    PixelData: pixels,
  });
}

/** The SOP class Segmentation Storage. */
const segmentationStorage = '1.2.840.10008.5.1.4.1.1.66.4';

/** Images that have been compressed with losses stay so, and so does what is derived from them. */
function lossyCompression(image: AttributeReader): Attributes {
  if (image.text('LossyImageCompression') !== '01') return { LossyImageCompression: '00' };
  return image.attributes(['LossyImageCompression', 'LossyImageCompressionRatio', 'LossyImageCompressionMethod']);
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** DICOM's dates and times are local ones. */
function localDay(date: Date): string {
  return `${String(date.getFullYear()).padStart(4, '0')}${twoDigits(date.getMonth() + 1)}${twoDigits(date.getDate())}`;
}

function localTime(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join('');
}
