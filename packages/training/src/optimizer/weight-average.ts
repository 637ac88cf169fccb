import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { assignAll, type Optimizer } from './optimizer.ts';
import { runOwnKernel } from './own-kernel.ts';

/**
 * The exponential moving average of all weights of a network, kept beside them: a ← d·a + (1 − d)·w after each step. Moving
 * statistics of batch normalisation are averaged likewise, as timm does, for they are of the weights that were averaged.
 * The decay d starts low, min(decay, (1 + t) / (10 + t)) after t steps, as in TensorFlow, so that the initial weights are
 * soon forgotten.
 */
export class WeightAverage {
  /** In [0, 1). */
  readonly decay: number;
  /** The weights that are averaged, by name. */
  private readonly weights: ReadonlyMap<string, Variable>;
  /** Their averages, by the same names. */
  readonly averages: ReadonlyMap<string, Variable>;

  /** Starts from the weights as they are. */
  constructor(weights: ReadonlyMap<string, Variable>, decay: number) {
    this.decay = decay;
    this.weights = weights;
    this.averages = new Map(
      [...weights].map(([name, weight]) => [name, tf.tidy(() => tf.variable(copyOf(weight), false))]),
    );
  }

  /** The share of the new weights in the average, 1 − d, in the step that follows `steps` earlier ones. */
  shareOfNew(steps: number): number {
    return 1 - Math.min(this.decay, (1 + steps) / (10 + steps));
  }

  /** Starts again from the weights as they are. */
  restart(): void {
    for (const [name, weight] of this.weights) copy(weight, this.averages.get(name)!);
  }

  /** Takes the weights as they are into the average; 0 for `usable` leaves it as it is. */
  update(shareOfNew: Tensor, usable?: Scalar): void {
    tf.tidy(() => {
      for (const [name, weight] of this.weights) {
        const average = this.averages.get(name)!;
        const next = approach(average, weight, shareOfNew);
        assignAll([[average, next]], usable);
      }
    });
  }

  /** Gives the network the averages for good. */
  apply(): void {
    for (const [name, weight] of this.weights) copy(this.averages.get(name)!, weight);
  }

  /**
   * Computes something with the averages in place of the network's weights, which it has again afterwards. May be part of a
   * recorded step.
   */
  compute<T>(work: () => T): T {
    const own = [...this.weights.values()].map((weight) => ({ weight, value: tf.clone(weight) }));
    try {
      // Engines do not write into the memory of a variable, so that both may have the same for a while.
      for (const [name, weight] of this.weights) weight.assign(this.averages.get(name)!);
      return work();
    } finally {
      for (const { weight, value } of own) {
        weight.assign(value);
        value.dispose();
      }
    }
  }

  /** Does some work while the network has the averages. It gets its own weights back, however the work ends. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const own = [...this.weights.values()].map((weight) => ({ weight, value: tf.clone(weight) }));
    try {
      this.apply();
      return await work();
    } finally {
      for (const { weight, value } of own) {
        weight.assign(value);
        value.dispose();
      }
    }
  }

  /** Disposes the averages, not the weights. */
  dispose(): void {
    tf.dispose([...this.averages.values()]);
  }
}

/** The names of averages in checkpoints begin with it. */
export const averagePrefix = 'average/';

/** An optimiser that also keeps the moving average of all weights: see {@link WeightAverage}. */
export class AveragingOptimizer implements Optimizer {
  readonly average: WeightAverage;
  private readonly inner: Optimizer;

  /** @param inner what moves the weights; it is disposed together with this one */
  constructor(inner: Optimizer, average: WeightAverage) {
    this.inner = inner;
    this.average = average;
  }

  get name(): string {
    return this.inner.name;
  }

  get variables(): readonly Variable[] {
    return this.inner.variables;
  }

  get state(): ReadonlyMap<string, Variable> {
    const averages = [...this.average.averages].map(([name, average]) => [averagePrefix + name, average] as const);
    return new Map([...this.inner.state, ...averages]);
  }

  scalars(learningRate: number, steps: number): Record<string, number> {
    return { ...this.inner.scalars(learningRate, steps), shareOfNew: this.average.shareOfNew(steps) };
  }

  apply(gradients: NamedTensorMap, { shareOfNew, ...scalars }: NamedTensorMap, usable?: Scalar): void {
    this.inner.apply(gradients, scalars, usable);
    this.average.update(shareOfNew!, usable);
  }

  dispose(): void {
    this.inner.dispose();
    this.average.dispose();
  }
}

/** a + (x − a) · share. An engine may register the kernel `Approach` (a, x, share → the sum) for these three operations. */
function approach(a: Tensor, x: Tensor, share: Tensor): Tensor {
  return runOwnKernel('Approach', { a, x, share })?.[0] ?? tf.add(a, tf.mul(tf.sub(x, a), share));
}

/** The same values in memory of their own: in a recorded step, two variables that share it could not be told apart. */
function copyOf(variable: Variable): Tensor {
  return tf.mul(variable, 1);
}

function copy(from: Variable, to: Variable): void {
  tf.tidy(() => to.assign(copyOf(from)));
}
