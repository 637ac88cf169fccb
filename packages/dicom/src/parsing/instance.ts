import type { DataSet } from 'dicom-parser';
import type { DicomSource } from './source.ts';

/** Where the pixels of an instance lie. */
export interface PixelPlace {
  /** The first byte of the value, in the file or, if the file is deflated, in the inflated one. */
  readonly offset: number;
  /** Bytes; undefined for encapsulated pixels, which have a delimiter instead. */
  readonly length: number | undefined;
}

/** One file: an image, or another object such as a DICOM SEG. Lengths are in millimetres, positions in LPS. */
export interface DicomInstance {
  /** The path or name of the file, for errors. */
  readonly name: string;
  /** All elements before the pixels, as dicom-parser gives them. They hold the patient's data. */
  readonly dataSet: DataSet;
  /** The UID of the encoding. */
  readonly transferSyntax: string;
  /** UIDs; empty if the file lacks them. */
  readonly sopClass: string;
  readonly sopInstance: string;
  readonly study: string;
  readonly series: string;
  readonly frameOfReference?: string;
  /** Such as `CT`, `MR` or `SEG`. */
  readonly modality: string;
  readonly seriesNumber?: number;
  /** What the scanner's user wrote, which may hold names: not for logs and errors. */
  readonly seriesDescription?: string;
  readonly instanceNumber?: number;
  /** 0 if it is no image. */
  readonly rows: number;
  readonly columns: number;
  /** The number of frames, 1 unless the file says otherwise. */
  readonly frames: number;
  /** ImagePositionPatient: the centre of the first pixel. */
  readonly position?: readonly [number, number, number];
  /** ImageOrientationPatient: the directions in which the columns' index, then the rows' index increases. */
  readonly orientation?: readonly number[];
  /** PixelSpacing: between rows, then between columns. */
  readonly spacing?: readonly [number, number];
  /** Missing if there are no pixels. */
  readonly pixels?: PixelPlace;
  /** The file, or the inflated content of a deflated one, in which {@link pixels} lie. */
  readonly source: DicomSource;
}
