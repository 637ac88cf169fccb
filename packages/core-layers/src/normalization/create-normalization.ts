import type { layers } from '@tensorflow/tfjs-layers';
import { GroupNormalization } from './group-normalization.ts';
import { InstanceNormalization } from './instance-normalization.ts';
import { JointBatchNormalization } from './joint-batch-normalization.ts';
import type { NormalizationArgs } from './normalization-layer.ts';

/** The kinds of normalisation that a convolution block can have. */
export const normalizations = ['none', 'batch', 'instance', 'group'] as const;
/** One of {@link normalizations}. */
export type Normalization = (typeof normalizations)[number];

/** What a layer of normalisation is made from, whichever its kind. */
export interface NormalizationOptions extends NormalizationArgs {
  /** Groups of channels, for `'group'`; 8 unless told, or all channels where there are fewer. */
  groups?: number;
  /** Branches joined along the batch axis in training, for `'batch'`; 1 unless told. */
  branches?: number;
}

/** The layer for a kind of normalisation over `channels` channels, or `undefined` for `'none'`. */
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
