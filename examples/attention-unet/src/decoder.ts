import { nodeBlock, nodeName, nodeUpSampling, type Decoder, type PartOptions } from '@interseg/models';
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { createAttentionGate } from './attention-gate.ts';

/**
 * The expanding path of U-Net with an attention gate on every skip connection: what comes from the encoder is weighed,
 * position by position, by what the level below has seen, before both are joined.
 */
export function createAttentionDecoder(options: PartOptions): Decoder {
  const depth = options.filters.length - 1;
  const nodes = Array.from({ length: depth }, (_, step) => {
    const level = depth - 1 - step;
    const column = depth - level;
    const name = nodeName(options, level, column);
    return {
      level,
      gate: createAttentionGate({
        name: `${name}_gate`,
        filters: options.filters[level]!,
        seed: options.seed,
      }),
      up: nodeUpSampling(options, level, column),
      concatenate: layers.concatenate({ name: `${name}_concatenate` }),
      block: nodeBlock(options, level, column),
    };
  });
  return {
    apply(levels) {
      const features = [levels[depth]!];
      for (const { level, gate, up, concatenate, block } of nodes) {
        const below = features.at(-1)!;
        const skip = gate.apply(levels[level]!, below);
        features.push(block.apply(concatenate.apply([skip, up.apply(below)]) as SymbolicTensor));
      }
      return features;
    },
  };
}
