import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Encoder, PartOptions } from './backbone.ts';
import { nodeBlock, nodeName } from './nodes.ts';

/**
 * Creates the contracting path that U-Net and U-Net++ have in common, the column `x_{i}_0`: a convolution block per
 * level, with 2×2 max pooling between them.
 */
export function createEncoder(options: PartOptions): Encoder {
  const blocks = options.filters.map((_, level) => nodeBlock(options, level, 0));
  const pools = options.filters
    .slice(1)
    .map((_, level) => layers.maxPooling2d({ name: `${nodeName(options, level, 0)}_pool`, poolSize: 2 }));
  return {
    blocks,
    apply(input) {
      let tensor = input;
      return blocks.map((block, level) => {
        if (level > 0) tensor = pools[level - 1]!.apply(tensor) as SymbolicTensor;
        return (tensor = block.apply(tensor));
      });
    },
  };
}
