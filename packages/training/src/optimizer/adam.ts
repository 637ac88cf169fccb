import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { assignAll, zerosLike, type Optimizer } from './optimizer.ts';
import { runOwnKernel } from './own-kernel.ts';

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
        const decay = this.decayOf(variable, scalars);
        const inputs = { variable, gradient, first, second, stepSize, epsilon, ...(decay && { decay }) };
        const [next, nextFirst, nextSecond] = adamUpdate(inputs);
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

  /** The share of itself that a variable loses before an update: none, as Adam has no weight decay. */
  protected decayOf(_variable: Variable, _scalars: NamedTensorMap): Tensor | undefined {
    return undefined;
  }

  dispose(): void {
    for (const { first, second } of this.moments) tf.dispose([first, second]);
  }
}

/** What an update of one variable is computed from; `decay` is the share of itself that it loses before. */
interface AdamInputs extends NamedTensorMap {
  variable: Variable;
  gradient: Tensor;
  first: Variable;
  second: Variable;
  stepSize: Tensor;
  epsilon: Tensor;
}

/**
 * The next value, first and second moment of a variable. An engine may register the kernel `AdamUpdate`, with these inputs,
 * the attributes `beta1` and `beta2`, and these outputs; the dozen operations that it stands for cost more than they compute
 * where variables are small.
 */
function adamUpdate(inputs: AdamInputs): [Tensor, Tensor, Tensor] {
  const { beta1, beta2 } = Adam;
  const made = runOwnKernel('AdamUpdate', inputs, { beta1, beta2 });
  if (made) return made as [Tensor, Tensor, Tensor];
  const { variable, gradient, first, second, stepSize, epsilon, decay } = inputs;
  const nextFirst = tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1));
  const nextSecond = tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2));
  const direction = tf.div(nextFirst, tf.add(tf.sqrt(nextSecond), epsilon));
  const start = decay ? tf.sub(variable, tf.mul(variable, decay)) : variable;
  return [tf.sub(start, tf.mul(direction, stepSize)), nextFirst, nextSecond];
}
