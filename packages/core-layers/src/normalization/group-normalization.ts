import * as tf from '@tensorflow/tfjs-core';
import type { serialization, Tensor } from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';
import { register, singleInput, type CallArgs } from '../layer.ts';
import { NormalizationLayer, type NormalizationArgs } from './normalization-layer.ts';

/** Options of {@link GroupNormalization}. */
export interface GroupNormalizationArgs extends NormalizationArgs {
  /** Number of groups that the channels are split into; must divide the number of channels. Defaults to 8. */
  groups?: number;
}

/**
 * Group normalisation (Wu & He, arXiv 1803.08494): mean and variance are taken per sample over the positions and the
 * channels of a group. Input and output: `[N, H, W, C]`.
 *
 * @throws OptionError when `groups` is not a whole number of at least 1, or (when it is built) does not divide the
 * channels
 */
export class GroupNormalization extends NormalizationLayer {
  static className = 'GroupNormalization';
  private readonly groups: number;

  constructor(args: GroupNormalizationArgs = {}) {
    super(args);
    this.groups = args.groups ?? 8;
    if (!Number.isInteger(this.groups) || this.groups < 1) {
      throw new OptionError(`groups is ${this.groups}, expected a whole number of at least 1.`);
    }
  }

  protected override buildStatistics(channels: number): void {
    if (channels % this.groups !== 0) {
      throw new OptionError(
        `groups is ${this.groups}, which does not divide the ${channels} channels of ${this.name}; expected a divisor.`,
      );
    }
  }

  override call(inputs: Tensor | Tensor[], _kwargs: CallArgs): Tensor {
    return tf.tidy(() => {
      const x = singleInput(inputs);
      const [samples, height, width, channels] = x.shape as [number, number, number, number];
      const flat = tf.reshape(x, [samples, height * width, channels]);
      return tf.reshape(this.standardize(flat, channels / this.groups), x.shape);
    });
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), groups: this.groups };
  }
}

register(GroupNormalization);
