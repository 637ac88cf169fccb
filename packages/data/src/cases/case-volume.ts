import type { Affine, NiftiHeader, Triple } from '@interseg/nifti';
import type { Modality } from '../dataset.ts';

/** The types of label arrays. */
export type LabelArray = Uint8Array | Uint16Array | Int32Array;

/** The file and the grid of an image, as needed for writing another volume on that grid. */
export interface ImageSource {
  /** The path of the image, or of its first channel, if there is one file per channel. */
  readonly path: string;
  /** The extents of the three spatial axes as on disk, first axis fastest. */
  readonly shape: Triple;
  /** Millimetres between neighbouring voxels along each axis. */
  readonly spacing: Triple;
  readonly affine: Affine;
  /** Missing if the file is not NIfTI. */
  readonly header?: NiftiHeader;
}

/** A case in memory, on the grid of its image: axes in the order of the file, first axis fastest. */
export interface CaseVolume {
  readonly id: string;
  readonly modality: Modality;
  /** One array of `shape[0]·shape[1]·shape[2]` finite values per channel. */
  readonly channels: Float32Array[];
  /** The label values, in the same order. Undefined for a case without labels. */
  readonly labels?: LabelArray;
  readonly shape: Triple;
  /** Millimetres. */
  readonly spacing: Triple;
  readonly affine: Affine;
  /** The number of voxels, in all channels, that were not finite in the file and were replaced. */
  readonly replacedVoxels: number;
  readonly source: ImageSource;
}
