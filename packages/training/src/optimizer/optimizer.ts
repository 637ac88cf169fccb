import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { afterUsable } from './gradient-guard.ts';
import type { WeightAverage } from './weight-average.ts';

/** Moves weights along their gradients. All that changes from step to step is an input, so a step can be recorded. */
export interface Optimizer {
  /** What checkpoints call it. */
  readonly name: string;
  /** The variables that it updates. */
  readonly variables: readonly Variable[];
  /** All that it remembers from step to step, by names that are equal in every optimiser of its kind. */
  readonly state: ReadonlyMap<string, Variable>;
  /** The moving average of the weights, where one is kept; `state` holds it, too. */
  readonly average?: WeightAverage;
  /**
   * The numbers of the update that follows `steps` earlier ones, by names other than those of the step's own inputs:
   * see `StepInputs`.
   */
  scalars(learningRate: number, steps: number): Record<string, number>;
  /**
   * Updates every variable that has a gradient under its name.
   *
   * @param scalars those of {@link Optimizer.scalars}
   * @param usable 1 updates variables and state, 0 leaves them as they are; gradients must be finite in both cases.
   * Defaults to 1.
   */
  apply(gradients: NamedTensorMap, scalars: NamedTensorMap, usable?: Scalar): void;
  /** Disposes the state, not the variables that it updates. */
  dispose(): void;
}

/**
 * Whether weight decay shrinks a variable: the kernels of convolutions, not biases, nor the scales and shifts of
 * normalisation, which have one axis. So does timm; nnU-Net decays all of them.
 */
export function isDecayed(variable: Variable): boolean {
  return variable.rank > 1;
}

/** A variable of the same shape that holds zeros. */
export function zerosLike(variable: Variable): Variable {
  return tf.tidy(() => tf.variable(tf.zeros(variable.shape), false));
}

/** Sets variables to their next values, unless the step is unusable. */
export function assignAll(updates: readonly (readonly [Variable, Tensor])[], usable?: Scalar): void {
  const values = updates.map(([variable, next]) => (usable ? afterUsable(variable, next, usable) : next));
  updates.forEach(([variable], index) => variable.assign(values[index]!));
}
