import type { ImageSource, LabelArray } from '../../cases/case-volume.ts';

/**
 * What a slice is good for in training: `constant` when no channel of its image varies, else `foreground` when its
 * fitted mask has a voxel of a class, else `background`.
 */
export type SliceKind = 'constant' | 'foreground' | 'background';

/** A case as a network sees it: S slices of H × W pixels with C channels and K classes. */
export interface PreparedCase {
  readonly id: string;
  /** S. */
  readonly slices: number;
  /** [H, W]. */
  readonly size: readonly [number, number];
  /** Millimetres between rows and between columns of the fitted slices. */
  readonly pixel: readonly [number, number];
  /** C. */
  readonly channels: number;
  /** K. */
  readonly classes: number;
  /** [S, H, W, C], row-major, normalised as the settings say; 0 around a slice that is smaller than the size. */
  readonly images: Float32Array;
  /** [S, H, W, K], row-major, 0 or 1: one channel for each class, as classes may overlap. Missing without labels. */
  readonly masks?: Uint8Array;
  /** One for each slice. */
  readonly kinds: readonly SliceKind[];
  /** The label values on the original grid, first axis fastest; missing without labels. */
  readonly labels?: LabelArray;
  /** The original grid, and the header for writing on it. */
  readonly source: ImageSource;
  /** Bytes of the arrays above. */
  readonly bytes: number;
  /**
   * Takes what a network gave for all slices back onto the original grid.
   *
   * @param probabilities [S, H, W, K], row-major
   * @returns K volumes in the original order of axes, first axis fastest
   * @throws OptionError when the length is another
   */
  restore(probabilities: Float32Array): Float32Array[];
}

/** A prepared case without its functions. */
export type PreparedArrays = Omit<PreparedCase, 'restore'>;
