import type { ConvolutionBlock, Normalization, UpSampling } from '@interseg/core-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';

/** Options of an encoder or a decoder. */
export interface PartOptions {
  /** Prefix of the layers' names: `''` for the image's path, `'mask_'` for a path of the mask's own. */
  prefix: string;
  /** Channels per level, the finest first. */
  filters: readonly number[];
  normalization: Normalization;
  /** Number of groups, for the normalisation `'group'`. */
  groups?: number;
  upSampling: UpSampling;
  /** Number of branches that pass through this part joined in one batch. */
  branches: number;
  seed: number;
}

/** The contracting path. Applied again, it shares all its weights. */
export interface Encoder {
  /** Returns the features of every level, the bottleneck last: level i is `[N, H/2^i, W/2^i, filters[i]]`. */
  apply(input: SymbolicTensor): SymbolicTensor[];
  /** The block of each level, the finest first, for a decoder that is tied to their kernels. */
  readonly blocks: readonly ConvolutionBlock[];
}

/** The expanding path. Applied again, it shares all its weights. */
export interface Decoder {
  /**
   * Takes the outputs of an encoder and returns y_0, y_1, …: the bottleneck unchanged, then the features of each level
   * of the expanding path, the finest last.
   */
  apply(levels: readonly SymbolicTensor[]): SymbolicTensor[];
}

/** An encoder and a decoder that fit together. All mechanisms work on any backbone. */
export interface Backbone {
  /** The name as it appears in the names of variants. */
  readonly name: string;
  /** The name as it is written in text. */
  readonly title: string;
  /** Where it was published. */
  readonly source: string;
  /** Creates a contracting path with new weights. */
  createEncoder(options: PartOptions): Encoder;
  /** Creates an expanding path with new weights, for an encoder of the same options. */
  createDecoder(options: PartOptions): Decoder;
}
