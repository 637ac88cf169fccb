import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Scalar, Variable } from '@tensorflow/tfjs-core';
import { assignAll, isDecayed, zerosLike, type Optimizer } from './optimizer.ts';

/** Settings of {@link Sgd}. */
export interface SgdOptions {
  /** μ, the share of the earlier direction that is kept, in [0, 1). Defaults to 0.99, as in nnU-Net. */
  momentum?: number;
  /** Added to the gradient of a kernel, times the kernel; at least 0. Defaults to 3e-5, as in nnU-Net. */
  weightDecay?: number;
}

/**
 * Stochastic gradient descent with Nesterov momentum, in the form of PyTorch's `SGD(nesterov=True)`:
 * g ← g + weight decay · w, v ← μ·v + g, w ← w − learning rate · (g + μ·v), with v = 0 at the start. The kernels of
 * convolutions decay; biases, scales and shifts do not.
 */
export class Sgd implements Optimizer {
  readonly name = 'sgd';
  readonly variables: readonly Variable[];
  /** v of each variable, in the order of {@link Sgd.variables}. */
  readonly velocities: readonly Variable[];
  readonly momentum: number;
  readonly weightDecay: number;

  constructor(variables: readonly Variable[], { momentum = 0.99, weightDecay = 3e-5 }: SgdOptions = {}) {
    this.variables = variables;
    this.velocities = variables.map(zerosLike);
    this.momentum = momentum;
    this.weightDecay = weightDecay;
  }

  get state(): ReadonlyMap<string, Variable> {
    return new Map(this.velocities.map((velocity, index) => [`sgd/${index}/velocity`, velocity]));
  }

  scalars(learningRate: number): Record<string, number> {
    return { learningRate };
  }

  apply(gradients: NamedTensorMap, { learningRate }: NamedTensorMap, usable?: Scalar): void {
    tf.tidy(() =>
      this.variables.forEach((variable, index) => {
        const given = gradients[variable.name];
        if (!given) return;
        const velocity = this.velocities[index]!;
        const decays = this.weightDecay > 0 && isDecayed(variable);
        const gradient = decays ? tf.add(given, tf.mul(variable, this.weightDecay)) : given;
        const nextVelocity = tf.add(tf.mul(velocity, this.momentum), gradient);
        const direction = tf.add(gradient, tf.mul(nextVelocity, this.momentum));
        const next = tf.sub(variable, tf.mul(direction, learningRate!));
        assignAll(
          [
            [variable, next],
            [velocity, nextVelocity],
          ],
          usable,
        );
      }),
    );
  }

  dispose(): void {
    tf.dispose([...this.velocities]);
  }
}
