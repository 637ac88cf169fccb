import type { Affine, NiftiHeader, Triple } from '@interseg/nifti';
import type { Modality } from '../layouts/dataset.ts';

/** Typed arrays that hold labels. */
export type LabelArray = Uint8Array | Uint16Array | Int32Array;

/** Where an image came from, and what it takes to write something on its grid. */
export interface ImageSource {
  /** The path of the image; of several files, that of the first channel. */
  readonly path: string;
  /** The extents of the spatial axes as on disk, first axis fastest. */
  readonly shape: Triple;
  /** Millimetres between neighbours along each of them. */
  readonly spacing: Triple;
  readonly affine: Affine;
  readonly header: NiftiHeader;
}

/** A case in memory, on the grid of its image: axes in the order of the file, first axis fastest. */
export interface CaseVolume {
  readonly id: string;
  readonly modality: Modality;
  /** One array of `shape[0]·shape[1]·shape[2]` finite values for each channel. */
  readonly channels: Float32Array[];
  /** The label values, in the same order; missing when the case has no labels. */
  readonly labels?: LabelArray;
  readonly shape: Triple;
  /** Millimetres. */
  readonly spacing: Triple;
  readonly affine: Affine;
  /** How many voxels of all channels were not finite in the file and were replaced. */
  readonly replacedVoxels: number;
  readonly source: ImageSource;
}
