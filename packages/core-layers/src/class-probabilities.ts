import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { register, singleInput, type CallArgs } from './layer.ts';

/**
 * The softmax over background and K classes, without the background, which comes first: logits `[N, H, W, K + 1]` in,
 * probabilities `[N, H, W, K]` out, whose sum is at most 1.
 */
export function classProbabilities(logits: Tensor): Tensor4D {
  return tf.tidy(() => {
    const channels = logits.shape[3]!;
    return tf.slice(tf.softmax(logits as Tensor4D), [0, 0, 0, 1], [-1, -1, -1, channels - 1]);
  });
}

/** {@link classProbabilities} as a layer. It has no weights. */
export class ClassProbabilities extends layers.Layer {
  static className = 'ClassProbabilities';

  override call(inputs: Tensor | Tensor[], _kwargs: CallArgs): Tensor {
    return classProbabilities(singleInput(inputs));
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const shape = inputShape as Shape;
    return [...shape.slice(0, -1), shape.at(-1)! - 1];
  }
}

register(ClassProbabilities);
