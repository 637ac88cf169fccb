import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { register, singleInput, type CallArgs } from './layer.ts';

/**
 * Doubles height and width by repeating each position: `[N, H, W, C]` in, `[N, 2H, 2W, C]` out.
 *
 * The gradient is the sum over each 2×2 window, computed by pooling. The layer of tfjs-layers relies on a kernel that
 * is wrong for batches of more than one sample on the `cpu` engine, and missing or slow on others.
 */
export class NearestUpSampling extends layers.Layer {
  static className = 'NearestUpSampling';

  override call(inputs: Tensor | Tensor[], _kwargs: CallArgs): Tensor {
    return repeat(singleInput<Tensor4D>(inputs));
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [samples, height, width, channels] = inputShape as [number | null, number, number, number];
    return [samples, 2 * height, 2 * width, channels];
  }
}

const repeat = tf.customGrad((...inputs) => {
  const x = inputs[0] as Tensor4D;
  return {
    value: tf.image.resizeNearestNeighbor(x, [2 * x.shape[1], 2 * x.shape[2]]),
    gradFunc: (dy: Tensor) => tf.mul(tf.avgPool(dy as Tensor4D, 2, 2, 'valid'), 4),
  };
});

register(NearestUpSampling);
