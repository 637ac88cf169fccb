import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Backbone, Decoder, PartOptions } from './backbone.ts';
import { createEncoder } from './encoder.ts';
import { nodeBlock, nodeName, nodeUpSampling } from './nodes.ts';

/** U-Net: an encoder and a decoder with a skip connection per level. */
export const unet: Backbone = {
  name: 'unet',
  title: 'U-Net',
  source: 'Ronneberger et al., arXiv 1505.04597',
  createEncoder,
  createDecoder,
};

/**
 * The expanding path of U-Net. With d levels below the finest, the node of level i is `x_{i}_{d−i}`, as on the outer
 * diagonal of U-Net++: up-sampling of the node below, concatenation with the encoder's `x_{i}_0`, a convolution block.
 */
function createDecoder(options: PartOptions): Decoder {
  const depth = options.filters.length - 1;
  const nodes = Array.from({ length: depth }, (_, step) => {
    const level = depth - 1 - step;
    const column = depth - level;
    return {
      level,
      up: nodeUpSampling(options, level, column),
      concatenate: layers.concatenate({ name: `${nodeName(options, level, column)}_concatenate` }),
      block: nodeBlock(options, level, column),
    };
  });
  return {
    apply(levels) {
      const features = [levels[depth]!];
      for (const { level, up, concatenate, block } of nodes) {
        const below = up.apply(features.at(-1)!);
        features.push(block.apply(concatenate.apply([levels[level]!, below]) as SymbolicTensor));
      }
      return features;
    },
  };
}
