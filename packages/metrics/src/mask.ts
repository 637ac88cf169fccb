/**
 * A binary mask on a grid of one, two or three axes.
 *
 * Every number of `data` other than 0 is foreground. A volume with one slice should be given as a mask of two axes: with
 * three, each of its voxels touches the border and so belongs to the surface.
 */
export interface Mask {
  /** The voxels in row-major order: the last axis of `shape` runs fastest. No NaN. */
  data: ArrayLike<number>;
  /** Number of voxels along each axis, each at least 1. */
  shape: readonly number[];
  /**
   * Distance between the centres of neighbouring voxels along each axis, in the order of `shape`; in mm by custom, and
   * all distances and volumes come out in that unit. Default: 1 along each axis, so voxels. Given for one mask of a
   * pair only, it holds for both.
   */
  spacing?: readonly number[];
}

/** What a metric gives where it has no value. */
export interface EmptyOptions {
  /** The result when both masks are empty. Default `NaN`: an average must decide about such cases, not inherit a 1. */
  emptyValue?: number;
}
