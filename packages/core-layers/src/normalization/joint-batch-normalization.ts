import * as tf from '@tensorflow/tfjs-core';
import type { serialization, Tensor } from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable } from '@tensorflow/tfjs-layers';
import { OptionError } from '@interseg/errors';
import { register, singleInput, type CallArgs } from '../layer.ts';
import { NormalizationLayer, type NormalizationArgs } from './normalization-layer.ts';

/** Options of {@link JointBatchNormalization}. */
export interface JointBatchNormalizationArgs extends NormalizationArgs {
  /** Number of branches of equal size that are joined along the batch axis in training. Defaults to 1. */
  branches?: number;
  /** Part of the moving statistics that is kept in a training step, in [0, 1). Defaults to 0.9. */
  momentum?: number;
}

/**
 * Batch normalisation (Ioffe & Szegedy, arXiv 1502.03167) for several branches joined in one batch, such as images and
 * their masks. In training, each branch is standardised by its own statistics, so that masks do not distort the
 * statistics of images; the first branch (the images) feeds the moving statistics that inference uses. Input and
 * output: `[branches · N, H, W, C]` in training, `[N, H, W, C]` in inference.
 *
 * A call in training may come with one branch alone, as for images without masks: `branches: 1` beside `training: true`
 * says so. With `keepStatistics: true` it leaves the moving statistics as they are.
 *
 * @throws OptionError when `branches` or `momentum` is out of range, or the batch does not split into the branches
 */
export class JointBatchNormalization extends NormalizationLayer {
  static className = 'JointBatchNormalization';
  private readonly branches: number;
  private readonly momentum: number;
  private movingMean!: LayerVariable;
  private movingVariance!: LayerVariable;

  constructor(args: JointBatchNormalizationArgs = {}) {
    super(args);
    this.branches = args.branches ?? 1;
    this.momentum = args.momentum ?? 0.9;
    if (!Number.isInteger(this.branches) || this.branches < 1) {
      throw new OptionError(`branches is ${this.branches}, expected a whole number of at least 1.`);
    }
    if (!(this.momentum >= 0 && this.momentum < 1)) {
      throw new OptionError(`momentum is ${this.momentum}, expected a number in [0, 1).`);
    }
  }

  protected override buildStatistics(channels: number): void {
    const statistic = (name: string, start: ReturnType<typeof initializers.ones>): LayerVariable =>
      this.addWeight(name, [channels], 'float32', start, undefined, false);
    this.movingMean = statistic('moving_mean', initializers.zeros());
    this.movingVariance = statistic('moving_variance', initializers.ones());
  }

  override call(inputs: Tensor | Tensor[], kwargs: CallArgs): Tensor {
    return tf.tidy(() => {
      const x = singleInput(inputs);
      return kwargs?.['training'] === true ? this.callInTraining(x, kwargs) : this.callInInference(x);
    });
  }

  private callInTraining(x: Tensor, kwargs: CallArgs): Tensor {
    const [samples, height, width, channels] = x.shape as [number, number, number, number];
    const branches = (kwargs['branches'] as number | undefined) ?? this.branches;
    if (samples % branches !== 0) {
      throw new OptionError(
        `${this.name} has an input of ${samples} samples, expected a multiple of its ${branches} branches.`,
      );
    }
    const flat = tf.reshape(x, [branches, (samples / branches) * height * width, channels]);
    if (kwargs['keepStatistics'] !== true) this.updateMovingStatistics(flat);
    return tf.reshape(this.standardize(flat), x.shape);
  }

  private updateMovingStatistics(flat: Tensor): void {
    const [, positions, channels] = flat.shape as [number, number, number];
    const images = tf.slice(flat, [0, 0, 0], [1, positions, channels]);
    const { mean, variance } = tf.moments(images, [0, 1]);
    const blend = (old: Tensor, now: Tensor): Tensor =>
      tf.add(tf.mul(old, this.momentum), tf.mul(now, 1 - this.momentum));
    this.movingMean.write(blend(this.movingMean.read(), mean));
    this.movingVariance.write(blend(this.movingVariance.read(), variance));
  }

  private callInInference(x: Tensor): Tensor {
    const channels = x.shape[3]!;
    const inverseDeviation = tf.rsqrt(tf.add(this.movingVariance.read(), this.epsilon));
    const slope = tf.mul(this.readScale(channels), inverseDeviation);
    const offset = tf.sub(this.readShift(channels), tf.mul(this.movingMean.read(), slope));
    return tf.add(tf.mul(x, slope), offset);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), branches: this.branches, momentum: this.momentum };
  }
}

register(JointBatchNormalization);
