import { OptionError } from '@interseg/errors';
import type { SegmentationNetwork } from '@interseg/models';
import type { Variable } from '@tensorflow/tfjs-core';
import { Adam } from './adam.ts';
import { AdamW } from './adamw.ts';
import type { Optimizer } from './optimizer.ts';
import { Sgd } from './sgd.ts';
import { AveragingOptimizer, WeightAverage } from './weight-average.ts';

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
  /**
   * The decay of the exponential moving average of all weights, in [0, 1), such as 0.999: see {@link WeightAverage}. 0
   * means none. Defaults to 0.
   */
  averageWeights?: number;
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
 * Makes an optimiser of a network, at its start; the caller disposes it.
 *
 * @param network all weights, which are averaged where asked for
 * @param variables those that the optimiser updates. Defaults to all that can be trained
 * @throws OptionError when a setting is out of range, or the optimiser does not have it
 */
export function createOptimizer(
  network: Pick<SegmentationNetwork, 'trainableVariables' | 'variables'>,
  options: OptimizerOptions = {},
  variables: readonly Variable[] = network.trainableVariables,
): Optimizer {
  checkOptimizerOptions(options);
  const { optimizer = 'adam', averageWeights = 0 } = options;
  const plain: Record<OptimizerName, () => Optimizer> = {
    adam: () => new Adam(variables),
    adamw: () => new AdamW(variables, options),
    sgd: () => new Sgd(variables, options),
  };
  const made = plain[optimizer]();
  return averageWeights > 0 ? new AveragingOptimizer(made, new WeightAverage(network.variables, averageWeights)) : made;
}

/** @throws OptionError when a setting is out of range, or the optimiser does not have it */
export function checkOptimizerOptions({ optimizer = 'adam', averageWeights = 0, ...settings }: OptimizerOptions): void {
  if (!optimizerNames.includes(optimizer)) {
    throw new OptionError(`The option optimizer is ${optimizer}, expected one of ${optimizerNames.join(', ')}.`);
  }
  if (!isBetween(averageWeights, 1)) {
    throw new OptionError(`The option averageWeights is ${averageWeights}, expected a number at least 0 and below 1.`);
  }
  for (const [name, end] of [
    ['momentum', 1],
    ['weightDecay', Infinity],
  ] as const) {
    const value = settings[name];
    if (value === undefined) continue;
    if (optimizerDefaults[optimizer][name] === undefined) {
      const having = optimizerNames.filter((one) => optimizerDefaults[one][name] !== undefined).join(' or ');
      throw new OptionError(`The option ${name} is ${value}, expected none, as ${optimizer} has none: ${having} has.`);
    }
    if (isBetween(value, end)) continue;
    const range = end === 1 ? 'at least 0 and below 1' : 'at least 0';
    throw new OptionError(`The option ${name} is ${value}, expected a finite number ${range}.`);
  }
}

const isBetween = (value: number, end: number): boolean => value >= 0 && value < end;
