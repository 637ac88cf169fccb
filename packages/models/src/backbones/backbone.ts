import type { ConvolutionBlock, Normalization, UpSampling } from '@interseg/core-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';

/** What the parts of a network are built from. */
export interface PartOptions {
  /** Put before the names of the layers: `''` for the image's path, `'mask_'` for a path of the mask's own. */
  prefix: string;
  /** Channels per level, the finest first. */
  filters: readonly number[];
  normalization: Normalization;
  /** Groups, where the normalisation is `'group'`. */
  groups?: number;
  upSampling: UpSampling;
  /** How many branches go through this part joined in one batch. */
  branches: number;
  seed: number;
}

/** The contracting path. Applying it again shares all its weights. */
export interface Encoder {
  /** Features of every level, the finest first and the bottleneck last: level i is `[N, H/2^i, W/2^i, filters[i]]`. */
  apply(input: SymbolicTensor): SymbolicTensor[];
  /** The block of each level, the finest first, for a decoder tied to their kernels. */
  readonly blocks: readonly ConvolutionBlock[];
}

/** The expanding path. Applying it again shares all its weights. */
export interface Decoder {
  /**
   * Takes what an encoder gives, and gives y_0, y_1, …: the bottleneck as it came, then the features of each level of
   * the expanding path, the finest last.
   */
  apply(levels: readonly SymbolicTensor[]): SymbolicTensor[];
}

/** An encoder and a decoder that fit together. All mechanisms work on any backbone. */
export interface Backbone {
  /** As it appears in the names of variants. */
  readonly name: string;
  /** As it is written in text. */
  readonly title: string;
  /** Where it was published. */
  readonly source: string;
  /** A contracting path with new weights. */
  createEncoder(options: PartOptions): Encoder;
  /** An expanding path with new weights, for the features of an encoder of the same options. */
  createDecoder(options: PartOptions): Decoder;
}
