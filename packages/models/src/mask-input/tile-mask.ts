import * as tf from '@tensorflow/tfjs-core';
import type { serialization, Tensor } from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';

type CallArgs = Parameters<layers.Layer['call']>[1];
type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

/**
 * Turns a mask of K classes into an image of C equal channels: class k (from 1) has the grey level k/K, background has
 * 0, and where classes overlap, the highest level wins. `[N, H, W, K]` in, `[N, H, W, C]` out, in [0, 1].
 */
export class TileMask extends layers.Layer {
  static className = 'TileMask';
  private readonly channels: number;

  constructor(args: LayerArgs & { channels: number }) {
    super(args);
    this.channels = args.channels;
  }

  override call(inputs: Tensor | Tensor[], _kwargs: CallArgs): Tensor {
    return tf.tidy(() => {
      const mask = Array.isArray(inputs) ? inputs[0]! : inputs;
      const classes = mask.shape[3]!;
      const levels = Array.from({ length: classes }, (_, index) => (index + 1) / classes);
      const gray = classes === 1 ? mask : tf.max(tf.mul(mask, tf.tensor1d(levels)), 3, true);
      return this.channels === 1 ? tf.clone(gray) : tf.tile(gray, [1, 1, 1, this.channels]);
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [...(inputShape as Shape).slice(0, 3), this.channels];
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), channels: this.channels };
  }
}

tf.serialization.registerClass(TileMask, 'InterSeg');
