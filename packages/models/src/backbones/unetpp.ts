import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Backbone, Decoder, PartOptions } from './backbone.ts';
import { createEncoder } from './encoder.ts';
import { nodeBlock, nodeName, nodeUpSampling } from './nodes.ts';

/** U-Net++: nested, dense skip connections between encoder and decoder. */
export const unetpp: Backbone = {
  name: 'unetpp',
  title: 'U-Net++',
  source: 'Zhou et al., arXiv 1807.10165',
  createEncoder,
  createDecoder,
};

/**
 * The nested skip connections of U-Net++: node `x_{i}_{j}`, j ≥ 1, is a convolution block over all earlier nodes of its
 * level, `x_{i}_0 … x_{i}_{j−1}`, and the up-sampled `x_{i+1}_{j−1}` (equation 1 of the U-Net++ paper). The features
 * y_0, y_1, … are the bottleneck and the nodes on the outer diagonal, `x_{d−j}_{j}` with d levels below the finest.
 */
function createDecoder(options: PartOptions): Decoder {
  const depth = options.filters.length - 1;
  const columns = Array.from({ length: depth }, (_, index) => {
    const column = index + 1;
    return Array.from({ length: depth - index }, (__, level) => ({
      up: nodeUpSampling(options, level, column),
      concatenate: layers.concatenate({ name: `${nodeName(options, level, column)}_concatenate` }),
      block: nodeBlock(options, level, column),
    }));
  });
  return {
    apply(levels) {
      const rows = levels.map((level) => [level]);
      columns.forEach((nodes, index) =>
        nodes.forEach(({ up, concatenate, block }, level) => {
          const row = rows[level]!;
          const below = up.apply(rows[level + 1]![index]!);
          row.push(block.apply(concatenate.apply([...row, below]) as SymbolicTensor));
        }),
      );
      return rows.map((row) => row.at(-1)!).reverse();
    },
  };
}
