import type { NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-core';
import { Adam } from './adam.ts';
import { isDecayed } from './optimizer.ts';

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter, arXiv 1711.05101, algorithm 2), in the form of PyTorch's
 * `AdamW`: before the step of Adam, weights lose the share learning rate · weight decay of themselves. The kernels of
 * convolutions decay; biases, scales and shifts do not.
 */
export class AdamW extends Adam {
  override readonly name: string = 'adamw';
  /** At least 0. */
  readonly weightDecay: number;

  constructor(variables: readonly Variable[], { weightDecay = 0.01 }: { weightDecay?: number } = {}) {
    super(variables);
    this.weightDecay = weightDecay;
  }

  override scalars(learningRate: number, steps: number): Record<string, number> {
    return { ...super.scalars(learningRate, steps), decay: learningRate * this.weightDecay };
  }

  protected override decayOf(variable: Variable, { decay }: NamedTensorMap): Tensor | undefined {
    return isDecayed(variable) ? decay : undefined;
  }
}
