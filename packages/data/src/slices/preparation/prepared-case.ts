import type { SliceObjects } from './slice-objects.ts';
import type { ImageSource, LabelArray } from '../../cases/case-volume.ts';

/**
 * The kind of a slice, for training: `constant` if no channel of its image varies, otherwise `foreground` if its mask has a
 * pixel of a class, otherwise `background`.
 */
export type SliceKind = 'constant' | 'foreground' | 'background';

/** A case for a network: S slices of H × W pixels with C channels and K classes. */
export interface PreparedCase {
  readonly id: string;
  /** The number of slices, S. */
  readonly slices: number;
  /** [H, W], in pixels: the settings' size, or the case's own with the resizing `patch`, which is at least that. */
  readonly size: readonly [number, number];
  /** Millimetres between the rows and between the columns of the slices. */
  readonly pixel: readonly [number, number];
  /** The number of channels of a slice, C; the network's input has more with a context. */
  readonly channels: number;
  /** The number of classes, K. */
  readonly classes: number;
  /** [S, H, W, C], row-major; normalised as the settings say, and 0 in the padding. */
  readonly images: Float32Array;
  /** [S, H, W, K], row-major, 0 or 1; one channel per class, as classes may overlap. Undefined for a case without labels. */
  readonly masks?: Uint8Array;
  /** The kind of each slice. */
  readonly kinds: readonly SliceKind[];
  /** The objects of each slice, for drawing patches; undefined without labels, or with another resizing than `patch`. */
  readonly objects?: SliceObjects;
  /** The label values on the original grid, first axis fastest. Undefined for a case without labels. */
  readonly labels?: LabelArray;
  /** The original grid, and the header for writing on that grid. */
  readonly source: ImageSource;
  /** The bytes of the arrays above. */
  readonly bytes: number;
  /**
   * The inverse transform: takes the output of a network for all slices back to the original grid.
   *
   * @param probabilities [S, H, W, K], row-major
   * @returns K volumes on the original grid, first axis fastest; 0 outside what the network saw
   * @throws OptionError if the length does not match
   */
  restore(probabilities: Float32Array): Float32Array[];
  /**
   * The slices whose channels are the network's input for a slice, in the order of the channels: 2·context + 1 of them, with
   * the slice itself in the middle. The images hold every slice once.
   *
   * @param slice its index
   */
  inputSlices(slice: number): readonly number[];
}

/** A prepared case without its functions. */
export type PreparedArrays = Omit<PreparedCase, 'restore' | 'inputSlices'>;
