import type { layers } from '@tensorflow/tfjs-layers';
import { GroupNormalization } from './group-normalization.ts';
import { InstanceNormalization } from './instance-normalization.ts';
import { JointBatchNormalization } from './joint-batch-normalization.ts';
import type { NormalizationArgs } from './normalization-layer.ts';

/** The kinds of normalisation for a convolution block. */
export const normalizations = ['none', 'batch', 'instance', 'group'] as const;
/** One of {@link normalizations}. */
export type Normalization = (typeof normalizations)[number];

/** Options of {@link createNormalization}, whatever the kind. */
export interface NormalizationOptions extends NormalizationArgs {
  /** Number of groups of channels, for `'group'`. Defaults to 8, or to the number of channels where there are fewer. */
  groups?: number;
  /** Number of branches joined along the batch axis in training, for `'batch'`. Defaults to 1. */
  branches?: number;
}

/** Creates the layer for a kind of normalisation over `channels` channels; `undefined` for `'none'`. */
export function createNormalization(
  kind: Normalization,
  channels: number,
  { groups, branches, ...args }: NormalizationOptions = {},
): layers.Layer | undefined {
  switch (kind) {
    case 'none':
      return undefined;
    case 'batch':
      return new JointBatchNormalization({ ...args, branches });
    case 'instance':
      return new InstanceNormalization(args);
    case 'group':
      return new GroupNormalization({ ...args, groups: groups ?? Math.min(8, channels) });
  }
}
