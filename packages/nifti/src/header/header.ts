/** A NIfTI-1 or NIfTI-2 header, decoded but not interpreted. Lengths are in the unit of the file. */
export interface NiftiHeader {
  /** The version of NIfTI. */
  readonly version: 1 | 2;
  /** The byte order of the header and the voxels. */
  readonly littleEndian: boolean;
  /** Whether header and voxels are one file (`n+1`, `n+2`) or a `.hdr`/`.img` pair (`ni1`, `ni2`). */
  readonly singleFile: boolean;
  /** The eight numbers of `dim`: the number of axes, then their extents. */
  readonly dimensions: readonly number[];
  /** NIfTI's code of the data type on disk. */
  readonly datatypeCode: number;
  /** The eight numbers of `pixdim`: the handedness of the quaternion, then the spacings. */
  readonly pixelDimensions: readonly number[];
  /** `vox_offset`: the byte at which the voxels start; 0 means right after the header. */
  readonly voxelOffset: number;
  /** `scl_slope`; 0, NaN or infinity mean that values are not scaled. */
  readonly slope: number;
  /** `scl_inter`. */
  readonly intercept: number;
  /** `cal_min` and `cal_max`: the range of values for display. */
  readonly displayMinimum: number;
  readonly displayMaximum: number;
  /** `xyzt_units`: the unit of length in the three lowest bits, that of time in the next three. */
  readonly units: number;
  /** What the values mean, such as 1002 for labels. */
  readonly intentCode: number;
  readonly intentName: string;
  readonly description: string;
  /** The coordinate system of the quaternion; 0 means that there is no quaternion. */
  readonly qformCode: number;
  /** The coordinate system of the matrix; 0 means that there is no matrix. */
  readonly sformCode: number;
  /** `quatern_b`, `quatern_c`, `quatern_d`. */
  readonly quaternion: readonly [number, number, number];
  /** `qoffset_x`, `qoffset_y`, `qoffset_z`. */
  readonly quaternionOffset: readonly [number, number, number];
  /** `srow_x`, `srow_y`, `srow_z`: three rows of four. */
  readonly sformRows: readonly (readonly number[])[];
}

/** The intent code of label maps. */
export const labelIntent = 1002;

/** Bytes of a header, by version. */
export const headerBytes = { 1: 348, 2: 540 } as const;

/** The first byte of the voxels in a single file without extensions: after the header and four more bytes. */
export const firstVoxelOffset = { 1: 352, 2: 544 } as const;
