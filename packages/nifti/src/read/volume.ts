import type { Affine } from '../affine/affine.ts';
import type { TypedNumberArray } from '../arrays.ts';
import type { NiftiHeader } from '../header/header.ts';

/** An image on a grid. */
export interface Volume {
  /** The values, scaled as the header says, first axis fastest. */
  data: TypedNumberArray;
  /** The extents, first axis fastest: [nx, ny, nz], [nx, ny, nz, nt], … */
  shape: number[];
  /** The spacing along each axis: in millimetres for the first three, in the unit of the file for the others. */
  spacing: number[];
  /** Maps voxel indices to RAS+ millimetres. */
  affine: Affine;
  /** The header of the file, for writing another volume on the same grid. */
  header: NiftiHeader;
}

/** Limits on what a file may make its reader do. */
export interface ReadLimits {
  /** The most bytes that a volume may take, both decompressed on disk and in memory. Defaults to 4 GiB. */
  maxBytes?: number;
}

/** The default of {@link ReadLimits.maxBytes}: 4 GiB. */
export const defaultLimit = 4 * 1024 ** 3;
