import type { Attributes } from '../src/encoding/attributes.ts';
import { encodeFile } from '../src/encoding/encode-file.ts';
import { uidFromText } from '../src/encoding/uid.ts';
import { bytesSource, groupSeries, seriesGeometry, type SegmentedSeries } from '../src/index.ts';

/** A series to make. */
export interface SyntheticSeries {
  /** Columns, rows, slices. */
  readonly shape: readonly [number, number, number];
  /** Unit vectors along rows and columns. Defaults to an axial slice. */
  readonly orientation?: readonly number[];
  /** Between rows, then between columns. Defaults to 1, 1. */
  readonly spacing?: readonly [number, number];
  /** From slice to slice, in LPS. Defaults to 2 mm along the normal. */
  readonly step?: readonly number[];
  /** Attributes beside those that an image must have, such as the patient's. */
  readonly attributes?: Attributes;
  /** Tells series from each other. */
  readonly seed?: string;
}

/** The normal of slices: the third vector of a right hand. */
export function normalOf(orientation: readonly number[]): number[] {
  const [a, b, c, d, e, f] = orientation as [number, number, number, number, number, number];
  return [b * f - c * e, c * d - a * f, a * e - b * d];
}

/** The files of a series of MR images of 8 bits, whose values are of no interest. */
export function syntheticFiles(series: SyntheticSeries): Uint8Array[] {
  const { shape, orientation = [1, 0, 0, 0, 1, 0], spacing = [1, 1], seed = 'synthetic' } = series;
  const [columns, rows, slices] = shape;
  const { step = normalOf(orientation).map((value) => 2 * value) } = series;
  return Array.from({ length: slices }, (_, slice) =>
    encodeFile({
      SpecificCharacterSet: 'ISO_IR 192',
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
      SOPInstanceUID: uidFromText(`${seed}/image ${slice}`),
      StudyInstanceUID: uidFromText(`${seed}/study`),
      SeriesInstanceUID: uidFromText(`${seed}/series`),
      FrameOfReferenceUID: uidFromText(`${seed}/frame`),
      PositionReferenceIndicator: '',
      PatientName: 'Doe^Jane',
      PatientID: '4711',
      PatientBirthDate: '19700101',
      PatientSex: 'F',
      StudyDate: '20240229',
      StudyTime: '123456',
      StudyID: '1',
      AccessionNumber: 'A1',
      ReferringPhysicianName: '',
      Modality: 'MR',
      SeriesNumber: 7,
      ImageType: ['ORIGINAL', 'PRIMARY', 'OTHER'],
      Manufacturer: 'nobody',
      InstanceNumber: slice + 1,
      ImagePositionPatient: [-20, 15.5, 31].map((start, axis) => start + slice * step[axis]!),
      ImageOrientationPatient: orientation,
      PixelSpacing: spacing,
      SliceThickness: 2,
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      Rows: rows,
      Columns: columns,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelRepresentation: 0,
      PixelData: Uint8Array.from({ length: rows * columns }, (_, index) => (index + slice) & 255),
      ...series.attributes,
    }),
  );
}

/** The series of files, as a reader arranges them. */
export async function arrangedSeries(files: readonly Uint8Array[]): Promise<SegmentedSeries> {
  const { series } = await groupSeries(files.map((bytes, index) => bytesSource(`image ${index}`, bytes)));
  return seriesGeometry(series[0]!);
}

export async function syntheticSeries(series: SyntheticSeries): Promise<SegmentedSeries> {
  return arrangedSeries(syntheticFiles(series));
}

/** Orientations of all kinds: axial, coronal, sagittal, mirrored, and turned about no axis of the body. */
export const orientations: Readonly<Record<string, readonly number[]>> = {
  axial: [1, 0, 0, 0, 1, 0],
  'axial from above': [1, 0, 0, 0, -1, 0],
  coronal: [1, 0, 0, 0, 0, -1],
  sagittal: [0, 1, 0, 0, 0, -1],
  oblique: [2 / 3, 2 / 3, -1 / 3, -1 / 3, 2 / 3, 2 / 3],
};

/** A label map with an object at one corner, one across slices, and slices with none: no two directions look alike. */
export function lopsidedLabels([columns, rows, slices]: readonly [number, number, number]): Uint8Array {
  const labels = new Uint8Array(columns * rows * slices);
  const set = (i: number, j: number, k: number, label: number): void => {
    if (i < columns && j < rows && k < slices) labels[i + columns * (j + rows * k)] = label;
  };
  for (let i = 0; i < 4; i++) for (let j = 0; j < 2; j++) set(i, j, 0, 1);
  for (let k = 1; k < slices - 1; k++) set(columns - 1 - k, k, k, 2);
  for (let j = 2; j < rows; j++) set(1, j, 1, 3);
  return labels;
}
