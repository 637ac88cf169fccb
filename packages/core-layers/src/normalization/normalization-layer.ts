import * as tf from '@tensorflow/tfjs-core';
import type { serialization, Tensor } from '@tensorflow/tfjs-core';
import { initializers, layers, type LayerVariable, type Shape } from '@tensorflow/tfjs-layers';
import { OptionError } from '@interseg/errors';
import type { LayerArgs } from '../layer.ts';
import { normalize } from './normalize.ts';

/** Options that all normalisation layers have in common. */
export interface NormalizationArgs extends LayerArgs {
  /** Added to the variance, above 0. Defaults to 1e-5. */
  epsilon?: number;
  /** Whether to add a learned shift per channel. Defaults to `true`. */
  center?: boolean;
  /** Whether to apply a learned scale per channel. Defaults to `true`. */
  scale?: boolean;
}

/**
 * A layer over `[N, H, W, C]` that standardises its input and applies a learned scale and shift per channel. Subclasses
 * decide which values share a mean and a variance.
 *
 * @throws OptionError when `epsilon` is not above 0, or the input is not `[N, H, W, C]` with a known C
 */
export abstract class NormalizationLayer extends layers.Layer {
  protected readonly epsilon: number;
  private readonly center: boolean;
  private readonly scale: boolean;
  private gamma?: LayerVariable;
  private beta?: LayerVariable;

  constructor(args: NormalizationArgs = {}) {
    super(args);
    this.epsilon = args.epsilon ?? 1e-5;
    this.center = args.center ?? true;
    this.scale = args.scale ?? true;
    if (!(this.epsilon > 0)) throw new OptionError(`epsilon is ${this.epsilon}, expected a number above 0.`);
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = readChannels(inputShape as Shape, this.getClassName());
    this.buildStatistics(channels);
    if (this.scale) this.gamma = this.addWeight('gamma', [channels], 'float32', initializers.ones());
    if (this.center) this.beta = this.addWeight('beta', [channels], 'float32', initializers.zeros());
    this.built = true;
  }

  /** Checks the number of channels, and adds the weights that only one kind of normalisation has. */
  protected buildStatistics(_channels: number): void {}

  /** Standardises `x`, `[sets, positions, channels]`, by its own statistics and applies the learned scale and shift. */
  protected standardize(x: Tensor, groupSize = 1): Tensor {
    const channels = x.shape[2]!;
    return normalize(x, this.readScale(channels), this.readShift(channels), { groupSize, epsilon: this.epsilon });
  }

  /** The learned scale of each channel, `[channels]`; ones without one. */
  protected readScale(channels: number): Tensor {
    return this.gamma?.read() ?? tf.ones([channels]);
  }

  /** The learned shift of each channel, `[channels]`; zeros without one. */
  protected readShift(channels: number): Tensor {
    return this.beta?.read() ?? tf.zeros([channels]);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return inputShape;
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), epsilon: this.epsilon, center: this.center, scale: this.scale };
  }
}

function readChannels(shape: Shape, layer: string): number {
  const channels = shape[shape.length - 1];
  if (shape.length !== 4 || typeof channels !== 'number') {
    throw new OptionError(
      `${layer} has an input of shape [${shape.join(', ')}], expected [N, H, W, C] with a known C.`,
    );
  }
  return channels;
}
