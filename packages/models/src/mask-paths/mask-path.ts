import type { layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Backbone, Decoder, Encoder, PartOptions } from '../backbones/backbone.ts';

/** The parts of the network that is shipped, and what a mask path may build more parts from. */
export interface NetworkParts {
  /** The image, `[N, H, W, C]`. */
  image: SymbolicTensor;
  /** The mask as it came, `[N, H, W, K]`. */
  mask: SymbolicTensor;
  /** The mask as an image of C channels, for a path through the encoder of the image; called where it is needed only. */
  maskAsImage(): SymbolicTensor;
  encoder: Encoder;
  decoder: Decoder;
  /** The 1×1 convolution from the last features to one logit per class. */
  head: layers.Layer;
  backbone: Backbone;
  /** The options of further parts, which mask paths give the prefix `mask_`. */
  partOptions(branches: number): PartOptions;
  /** A new 1×1 convolution to logits, `[N, H, W, K]`; its name begins with the prefix. */
  createHead(prefix: string): layers.Layer;
}

/** The symbolic outputs of the training graph. */
export interface ConnectedPaths {
  /** Logits of y, `[N, H, W, K]`. */
  logits: SymbolicTensor;
  /** y_0 (bottleneck), y_1, … y_4. */
  features: SymbolicTensor[];
  /** Logits of y', `[N, H, W, K]`. */
  maskLogits: SymbolicTensor;
  /** y'_0, y'_1, … y'_4, of the features' shapes. */
  targets: SymbolicTensor[];
}

/** How the ground-truth mask goes through the network in training. */
export interface MaskPath {
  readonly name: string;
  /** How many branches share the image's encoder and decoder in one joined batch. */
  readonly branches: { encoder: number; decoder: number };
  /** Whether it has weights of its own (their names start with `mask_`), which can be trained beforehand and frozen. */
  readonly hasOwnWeights: boolean;
  /** Leads the mask through the network, beside the image, and gives what the training graph puts out. */
  connect(parts: NetworkParts): ConnectedPaths;
}
