import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import type { CallArgs } from './layer.ts';
import { register } from './register.ts';

/**
 * Puts several batches of equal shape one after the other along the batch axis, so that layers with shared weights see
 * them in one pass: `[N, …]` each in, `[branches · N, …]` out. {@link SplitBatch} takes them apart again.
 */
export class JoinBatch extends layers.Layer {
  static className = 'JoinBatch';

  override call(inputs: Tensor | Tensor[], _kwargs: CallArgs): Tensor {
    return tf.concat(inputs as Tensor[], 0);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [null, ...(inputShape as Shape[])[0]!.slice(1)];
  }
}

register(JoinBatch);
