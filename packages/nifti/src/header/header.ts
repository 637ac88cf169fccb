/** What a NIfTI-1 or NIfTI-2 header says, decoded but not interpreted. Lengths are in the file's own unit. */
export interface NiftiHeader {
  /** 1 or 2. */
  readonly version: 1 | 2;
  /** The byte order of the header and the voxels. */
  readonly littleEndian: boolean;
  /** Whether header and voxels are one file (`n+1`, `n+2`) or a `.hdr`/`.img` pair (`ni1`, `ni2`). */
  readonly singleFile: boolean;
  /** The eight numbers of `dim`: how many axes, then their extents. */
  readonly dimensions: readonly number[];
  /** NIfTI's code of the data type on disk. */
  readonly datatypeCode: number;
  /** The eight numbers of `pixdim`: the handedness of the quaternion, then the spacings. */
  readonly pixelDimensions: readonly number[];
  /** Where the voxels start, as written (0 means right after the header). */
  readonly voxelOffset: number;
  /** `scl_slope` and `scl_inter` as written; a slope of 0, NaN or infinity means that values are not scaled. */
  readonly slope: number;
  readonly intercept: number;
  /** The range that a viewer is asked to show. */
  readonly displayMinimum: number;
  readonly displayMaximum: number;
  /** `xyzt_units`: the unit of length in the three lowest bits, that of time in the next three. */
  readonly units: number;
  /** What the values stand for, e.g. 1002 for labels. */
  readonly intentCode: number;
  readonly intentName: string;
  readonly description: string;
  /** What the quaternion's coordinates stand for; 0 when there is none. */
  readonly qformCode: number;
  /** What the matrix' coordinates stand for; 0 when there is none. */
  readonly sformCode: number;
  /** `quatern_b`, `quatern_c`, `quatern_d`. */
  readonly quaternion: readonly [number, number, number];
  /** `qoffset_x`, `qoffset_y`, `qoffset_z`. */
  readonly quaternionOffset: readonly [number, number, number];
  /** `srow_x`, `srow_y`, `srow_z`: three rows of four. */
  readonly sformRows: readonly (readonly number[])[];
}

/** The intent of label maps. */
export const labelIntent = 1002;

/** Bytes of the header proper, by version. */
export const headerBytes = { 1: 348, 2: 540 } as const;

/** Where the voxels of a single file start when nothing stands between: the header and four bytes about extensions. */
export const firstVoxelOffset = { 1: 352, 2: 544 } as const;
