import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { afterUsable } from './gradient-guard.ts';

/** The two numbers of an update that change from step to step. */
export interface AdamStep {
  /** α_t = learning rate · √(1 − β2^t) / (1 − β1^t). */
  stepSize: number;
  /** ε̂ = ε · √(1 − β2^t). */
  epsilon: number;
}

/**
 * Adam (Kingma & Ba, arXiv 1412.6980, algorithm 1, in the reordered form at the end of its section 2), with β1 = 0.9,
 * β2 = 0.999, ε = 1e-8. Its whole state, the two moments of each variable and the number of steps, can be saved and
 * restored, and the update takes what changes per step as tensors, so that it can be part of a recorded graph.
 */
export class Adam {
  static readonly beta1 = 0.9;
  static readonly beta2 = 0.999;
  static readonly epsilon = 1e-8;
  /** First and second moment per variable, in the variables' order. */
  readonly moments: readonly { first: Variable; second: Variable }[];
  /** What it moves. */
  readonly variables: readonly Variable[];

  constructor(variables: readonly Variable[]) {
    this.variables = variables;
    this.moments = variables.map((variable) => ({ first: zerosLike(variable), second: zerosLike(variable) }));
  }

  /** The numbers of the update after `steps` earlier ones. */
  static step(learningRate: number, steps: number): AdamStep {
    const t = steps + 1;
    const secondCorrection = Math.sqrt(1 - Adam.beta2 ** t);
    return {
      stepSize: (learningRate * secondCorrection) / (1 - Adam.beta1 ** t),
      epsilon: Adam.epsilon * secondCorrection,
    };
  }

  /**
   * Moves every variable that has a gradient, which is looked up by the variable's name.
   *
   * @param usable 0 leaves variables and moments as they are, 1 moves them; the gradients must be finite then, too
   */
  apply(gradients: NamedTensorMap, stepSize: Scalar, epsilon: Scalar, usable?: Scalar): void {
    tf.tidy(() =>
      this.variables.forEach((variable, index) => {
        const gradient = gradients[variable.name];
        if (!gradient) return;
        const { first, second } = this.moments[index] as { first: Variable; second: Variable };
        const nextFirst = tf.add(tf.mul(first, Adam.beta1), tf.mul(gradient, 1 - Adam.beta1));
        const nextSecond = tf.add(tf.mul(second, Adam.beta2), tf.mul(tf.square(gradient), 1 - Adam.beta2));
        const direction = tf.div(nextFirst, tf.add(tf.sqrt(nextSecond), epsilon));
        const next = tf.sub(variable, tf.mul(direction, stepSize));
        const kept = (before: Variable, after: Tensor): Tensor => (usable ? afterUsable(before, after, usable) : after);
        const values = [kept(variable, next), kept(first, nextFirst), kept(second, nextSecond)] as const;
        [variable, first, second].forEach((target, i) => target.assign(values[i] as Tensor));
      }),
    );
  }

  /** Gives back the moments. */
  dispose(): void {
    for (const { first, second } of this.moments) tf.dispose([first, second]);
  }
}

function zerosLike(variable: Variable): Variable {
  return tf.tidy(() => tf.variable(tf.zeros(variable.shape), false));
}
