import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { register, singleInput, type CallArgs } from '../layer.ts';
import { NormalizationLayer } from './normalization-layer.ts';

/**
 * Instance normalisation (Ulyanov et al., arXiv 1607.08022): mean and variance are taken per sample and channel over
 * the positions, so samples never influence each other. Input and output: `[N, H, W, C]`.
 */
export class InstanceNormalization extends NormalizationLayer {
  static className = 'InstanceNormalization';

  override call(inputs: Tensor | Tensor[], _kwargs: CallArgs): Tensor {
    return tf.tidy(() => {
      const x = singleInput(inputs);
      const [samples, height, width, channels] = x.shape as [number, number, number, number];
      return tf.reshape(this.standardize(tf.reshape(x, [samples, height * width, channels])), x.shape);
    });
  }
}

register(InstanceNormalization);
