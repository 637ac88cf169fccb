import * as tf from '@tensorflow/tfjs-core';
import type { serialization, Tensor } from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import type { CallArgs, LayerArgs } from '../layer.ts';
import { register } from '../register.ts';

/** What a {@link SplitBatch} is made from. */
export interface SplitBatchArgs extends LayerArgs {
  /** How many equally large parts the batch is split into; 2 unless told. */
  branches?: number;
}

/** Takes apart what {@link JoinBatch} put together: `[branches · N, …]` in, `branches` tensors `[N, …]` out. */
export class SplitBatch extends layers.Layer {
  static className = 'SplitBatch';
  private readonly branches: number;

  constructor(args: SplitBatchArgs = {}) {
    super(args);
    this.branches = args.branches ?? 2;
  }

  override call(inputs: Tensor | Tensor[], _kwargs: CallArgs): Tensor[] {
    return tf.split(Array.isArray(inputs) ? (inputs[0] as Tensor) : inputs, this.branches, 0);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape[] {
    return Array.from({ length: this.branches }, () => [null, ...(inputShape as Shape).slice(1)]);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), branches: this.branches };
  }
}

register(SplitBatch);
