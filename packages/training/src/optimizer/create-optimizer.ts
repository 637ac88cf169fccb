import { OptionError } from '@interseg/errors';
import type { Variable } from '@tensorflow/tfjs-core';
import { Adam } from './adam.ts';
import { AdamW } from './adamw.ts';
import type { Optimizer } from './optimizer.ts';
import { Sgd } from './sgd.ts';

/** The optimisers by name: {@link Adam}, {@link AdamW}, and {@link Sgd} with Nesterov momentum. */
export const optimizerNames = ['adam', 'adamw', 'sgd'] as const;
/** One of {@link optimizerNames}. */
export type OptimizerName = (typeof optimizerNames)[number];

/** Which optimiser, and its settings. */
export interface OptimizerOptions {
  /** Defaults to `'adam'`. */
  optimizer?: OptimizerName;
  /** The share of the earlier direction that `'sgd'` keeps, in [0, 1). Defaults to 0.99; the others have none. */
  momentum?: number;
  /**
   * How fast `'adamw'` and `'sgd'` shrink the kernels of convolutions, at least 0. Defaults to 0.01 and to 3e-5;
   * `'adam'` has none.
   */
  weightDecay?: number;
}

/** Settings of each optimiser that suit most tasks; what is absent an optimiser does not have. */
export const optimizerDefaults: Readonly<
  Record<OptimizerName, { learningRate: number; momentum?: number; weightDecay?: number }>
> = {
  // Higher than the paper's, which is too low for small data sets (`studies/learning-rate`, `studies/real-widths`).
  adam: { learningRate: 2e-3 },
  // The weight decay of PyTorch.
  adamw: { learningRate: 2e-3, weightDecay: 0.01 },
  // As in nnU-Net.
  sgd: { learningRate: 0.01, momentum: 0.99, weightDecay: 3e-5 },
};

/**
 * Makes an optimiser of some variables, at its start; the caller disposes it.
 *
 * @throws OptionError when a setting is out of range, or the optimiser does not have it
 */
export function createOptimizer(variables: readonly Variable[], options: OptimizerOptions = {}): Optimizer {
  checkOptimizerOptions(options);
  const { optimizer = 'adam', ...settings } = options;
  if (optimizer === 'sgd') return new Sgd(variables, settings);
  return optimizer === 'adamw' ? new AdamW(variables, settings) : new Adam(variables);
}

/** @throws OptionError when a setting is out of range, or the optimiser does not have it */
export function checkOptimizerOptions({ optimizer = 'adam', momentum, weightDecay }: OptimizerOptions): void {
  if (!optimizerNames.includes(optimizer)) {
    throw new OptionError(`The option optimizer is ${optimizer}, expected one of ${optimizerNames.join(', ')}.`);
  }
  for (const [name, value, most] of [
    ['momentum', momentum, 1],
    ['weightDecay', weightDecay, Infinity],
  ] as const) {
    if (value === undefined) continue;
    if (optimizerDefaults[optimizer][name] === undefined) {
      const having = optimizerNames.filter((one) => optimizerDefaults[one][name] !== undefined).join(' or ');
      throw new OptionError(`The option ${name} is ${value}, expected none, as ${optimizer} has none: ${having} has.`);
    }
    if (value >= 0 && value < most) continue;
    const range = most === 1 ? 'at least 0 and below 1' : 'at least 0';
    throw new OptionError(`The option ${name} is ${value}, expected a finite number ${range}.`);
  }
}
