import * as tf from '@tensorflow/tfjs-core';
import type { serialization, Tensor } from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';
import type { CallArgs } from '../layer.ts';
import { register } from '../register.ts';
import { NormalizationLayer, type NormalizationArgs } from './normalization-layer.ts';

export interface GroupNormalizationArgs extends NormalizationArgs {
  /** How many groups the channels are split into; must divide the number of channels. 8 unless told. */
  groups?: number;
}

/**
 * Group normalisation (Wu & He, arXiv 1803.08494): mean and variance are taken per sample over the positions and the
 * channels of a group. Input and output: `[N, H, W, C]`.
 *
 * @throws OptionError when `groups` is no positive whole number or, at build, does not divide the channels
 */
export class GroupNormalization extends NormalizationLayer {
  static className = 'GroupNormalization';
  private readonly groups: number;

  constructor(args: GroupNormalizationArgs = {}) {
    super(args);
    this.groups = args.groups ?? 8;
    if (!Number.isInteger(this.groups) || this.groups < 1) {
      throw new OptionError(`groups is ${this.groups}; it must be a whole number of at least 1.`);
    }
  }

  protected override buildStatistics(channels: number): void {
    if (channels % this.groups !== 0) {
      throw new OptionError(
        `groups is ${this.groups}, which does not divide the ${channels} channels of ${this.name}.`,
      );
    }
  }

  override call(inputs: Tensor | Tensor[], _kwargs: CallArgs): Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? (inputs[0] as Tensor) : inputs;
      const [samples, height, width, channels] = x.shape as [number, number, number, number];
      const flat = tf.reshape(x, [samples, height * width, channels]);
      return tf.reshape(this.standardise(flat, channels / this.groups), x.shape);
    });
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), groups: this.groups };
  }
}

register(GroupNormalization);
