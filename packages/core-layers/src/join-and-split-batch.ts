import * as tf from '@tensorflow/tfjs-core';
import type { serialization, Tensor } from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { register, singleInput, type CallArgs, type LayerArgs } from './layer.ts';

/**
 * Concatenates batches of equal shape along the batch axis, so that layers with shared weights see them in one pass:
 * `[N, …]` each in, `[branches · N, …]` out. {@link SplitBatch} is the inverse.
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

/** Options of {@link SplitBatch}. */
export interface SplitBatchArgs extends LayerArgs {
  /** Number of parts of equal size that the batch is split into. Defaults to 2. */
  branches?: number;
}

/** Splits a batch that {@link JoinBatch} made: `[branches · N, …]` in, `branches` tensors `[N, …]` out. */
export class SplitBatch extends layers.Layer {
  static className = 'SplitBatch';
  private readonly branches: number;

  constructor(args: SplitBatchArgs = {}) {
    super(args);
    this.branches = args.branches ?? 2;
  }

  override call(inputs: Tensor | Tensor[], _kwargs: CallArgs): Tensor[] {
    return tf.split(singleInput(inputs), this.branches, 0);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape[] {
    return Array.from({ length: this.branches }, () => [null, ...(inputShape as Shape).slice(1)]);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), branches: this.branches };
  }
}

register(SplitBatch);
