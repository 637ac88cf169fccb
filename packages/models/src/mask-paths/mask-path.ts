import type { layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Backbone, Decoder, Encoder, PartOptions } from '../backbones/backbone.ts';

/** The parts of the deployed network, and what a mask path may build more parts from. */
export interface NetworkParts {
  /** The image, `[N, H, W, C]`. */
  image: SymbolicTensor;
  /** The mask, `[N, H, W, K]`. */
  mask: SymbolicTensor;
  /** Creates an image of C channels from the mask, for a path through the encoder of the image. */
  maskAsImage(): SymbolicTensor;
  encoder: Encoder;
  decoder: Decoder;
  /** The 1×1 convolution from the last features to one logit per class, and one for the background with a softmax. */
  head: layers.Layer;
  backbone: Backbone;
  /** The options of further parts; a mask path sets the prefix `mask_`. */
  partOptions(branches: number): PartOptions;
  /** Creates a 1×1 convolution to logits like those of `head`, whose name begins with the prefix. */
  createHead(prefix: string): layers.Layer;
}

/** The symbolic outputs of the training graph. */
export interface ConnectedPaths {
  /** Logits of y, the output of `head`: `[N, H, W, K]`, or `[N, H, W, K + 1]` with a softmax. */
  logits: SymbolicTensor;
  /** y_0 (bottleneck), y_1, … y_4. */
  features: SymbolicTensor[];
  /** Logits of y', of the same shape. */
  maskLogits: SymbolicTensor;
  /** y'_0, y'_1, … y'_4, of the features' shapes. */
  targets: SymbolicTensor[];
}

/** How the ground-truth mask passes through the network in training. */
export interface MaskPath {
  readonly name: string;
  /** Number of branches that share the image's encoder, and its decoder, in one joined batch. */
  readonly branches: { encoder: number; decoder: number };
  /** Whether it has weights of its own (with names in `mask_`), which can be trained beforehand and frozen. */
  readonly hasOwnWeights: boolean;
  /** Connects the mask, beside the image, to the network and returns the outputs of the training graph. */
  connect(parts: NetworkParts): ConnectedPaths;
}
