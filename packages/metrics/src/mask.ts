/**
 * A binary mask on a grid of one, two or three axes.
 *
 * Every number of `data` other than 0 is foreground. Pass a volume of one slice as a mask of two axes: with three, each
 * of its voxels touches the border and so belongs to the surface.
 */
export interface Mask {
  /** The voxels in row-major order: the last axis of `shape` runs fastest. No NaN. */
  data: ArrayLike<number>;
  /** Number of voxels along each axis, each at least 1. */
  shape: readonly number[];
  /**
   * Distance between the centres of neighbouring voxels along each axis, in the order of `shape`, usually in mm; all
   * distances and volumes are in its unit. Defaults to 1 along each axis, which makes the voxel the unit. A spacing
   * given for one mask of a pair applies to both.
   */
  spacing?: readonly number[];
}

/** The value of a metric where it is undefined. */
export interface EmptyOptions {
  /** The result when both masks are empty. Defaults to `NaN`, so that an average has to decide about such cases. */
  emptyValue?: number;
}
