import type { Affine } from '../affine/affine.ts';
import type { TypedNumberArray } from '../arrays.ts';
import type { NiftiHeader } from '../header/header.ts';

/** An image on a grid. */
export interface Volume {
  /** The values, scaled as the file asks, first axis fastest. */
  data: TypedNumberArray;
  /** The extents as the file has them, first axis fastest: [nx, ny, nz], [nx, ny, nz, nt], … */
  shape: number[];
  /** The distance between neighbours along each axis: millimetres for the first three. */
  spacing: number[];
  /** Voxel indices to RAS millimetres. */
  affine: Affine;
  header: NiftiHeader;
}

/** What a reader may use at most. */
export interface ReadLimits {
  /** The largest number of bytes of a volume, on disk decompressed and in memory; Defaults to 4 GiB. */
  maxBytes?: number;
}

/** The limit of {@link ReadLimits} where none is given: 4 GiB. */
export const defaultLimit = 4 * 1024 ** 3;
