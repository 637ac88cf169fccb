import { ConvolutionBlock, UpSamplingBlock } from '@interseg/core-layers';
import type { PartOptions } from './backbone.ts';

/** The name of node X^{i,j} of the U-Net++ paper, figure 1: level i, j-th node along the skip connection. */
export function nodeName({ prefix }: PartOptions, level: number, column: number): string {
  return `${prefix}x_${level}_${column}`;
}

/** The convolutions of node `x_{level}_{column}`. */
export function nodeBlock(options: PartOptions, level: number, column: number): ConvolutionBlock {
  return new ConvolutionBlock({
    ...options,
    name: nodeName(options, level, column),
    filters: options.filters[level]!,
  });
}

/** The up-sampling of the level below to the size of node `x_{level}_{column}`. */
export function nodeUpSampling(options: PartOptions, level: number, column: number): UpSamplingBlock {
  return new UpSamplingBlock({
    name: nodeName(options, level, column),
    kind: options.upSampling,
    filters: options.filters[level]!,
    seed: options.seed,
  });
}
