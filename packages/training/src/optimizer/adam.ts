import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { assignAll, zerosLike, type Optimizer } from './optimizer.ts';

/**
 * The two scalars of an update that change from step to step: `stepSize`, α_t = learning rate · √(1 − β2^t) /
 * (1 − β1^t), and `epsilon`, ε̂ = ε · √(1 − β2^t).
 */
export type AdamStep = Record<'stepSize' | 'epsilon', number>;

/**
 * Adam (Kingma & Ba, arXiv 1412.6980, algorithm 1, in the reordered form at the end of its section 2), with β1 = 0.9,
 * β2 = 0.999, ε = 1e-8. Its whole state can be saved and restored: the two moments of each variable, and the number of
 * steps. An update takes what changes from step to step as tensors, so it can be part of a recorded graph.
 */
export class Adam implements Optimizer {
  static readonly beta1 = 0.9;
  static readonly beta2 = 0.999;
  static readonly epsilon = 1e-8;
  readonly name: string = 'adam';
  /** The first and second moment of each variable, in the order of {@link Adam.variables}. */
  readonly moments: readonly { first: Variable; second: Variable }[];
  readonly variables: readonly Variable[];

  constructor(variables: readonly Variable[]) {
    this.variables = variables;
    this.moments = variables.map((variable) => ({ first: zerosLike(variable), second: zerosLike(variable) }));
  }

  /** The scalars of the update that follows `steps` earlier ones. */
  static step(learningRate: number, steps: number): AdamStep {
    const t = steps + 1;
    const secondCorrection = Math.sqrt(1 - Adam.beta2 ** t);
    return {
      stepSize: (learningRate * secondCorrection) / (1 - Adam.beta1 ** t),
      epsilon: Adam.epsilon * secondCorrection,
    };
  }

  get state(): ReadonlyMap<string, Variable> {
    return new Map(
      this.moments.flatMap(({ first, second }, index) => [
        [`${this.name}/${index}/first`, first],
        [`${this.name}/${index}/second`, second],
      ]),
    );
  }

  scalars(learningRate: number, steps: number): Record<string, number> {
    return Adam.step(learningRate, steps);
  }

  apply(gradients: NamedTensorMap, scalars: NamedTensorMap, usable?: Scalar): void {
    const { stepSize, epsilon } = scalars as Record<keyof AdamStep, Scalar>;
    tf.tidy(() =>
      this.variables.forEach((variable, index) => {
        const gradient = gradients[variable.name];
        if (!gradient) return;
        const { first, second } = this.moments[index] as { first: Variable; second: Variable };
        const nextFirst = tf.add(tf.mul(first, Adam.beta1), tf.mul(gradient, 1 - Adam.beta1));
        const nextSecond = tf.add(tf.mul(second, Adam.beta2), tf.mul(tf.square(gradient), 1 - Adam.beta2));
        const direction = tf.div(nextFirst, tf.add(tf.sqrt(nextSecond), epsilon));
        const next = tf.sub(this.decayed(variable, scalars), tf.mul(direction, stepSize));
        assignAll(
          [
            [variable, next],
            [first, nextFirst],
            [second, nextSecond],
          ],
          usable,
        );
      }),
    );
  }

  /** The variable from which an update starts: itself, as Adam has no weight decay. */
  protected decayed(variable: Variable, _scalars: NamedTensorMap): Tensor {
    return variable;
  }

  dispose(): void {
    for (const { first, second } of this.moments) tf.dispose([first, second]);
  }
}
