import { OptionError } from '@interseg/errors';
import type { SegmentationNetwork } from '@interseg/models';
import { checkOptimizerOptions, type OptimizerName, type OptimizerOptions } from '../optimizer/create-optimizer.ts';
import type { Optimizer } from '../optimizer/optimizer.ts';
import type { EpochRecord } from './history.ts';
import type { NonFiniteOptions } from './non-finite.ts';
import { checkSchedule, endsWithEpochs, type ScheduleName, type ScheduleOptions } from './schedules.ts';
import type { TrainingSlices, ValidationSlices } from './slices.ts';
import type { CompileStep, LossOptions, StepResult } from './train-step.ts';
import type { TrainingState } from './training-state.ts';
import type { UnlabelledOptions, UnlabelledSlices } from './unlabelled.ts';

/** The slices that a network is trained on, and those that show how good it is. */
export interface FitDataset {
  train: TrainingSlices;
  /** Without it, the best epoch is the one with the lowest training loss, and only that counts for `patience`. */
  validation?: ValidationSlices;
  /** Slices without masks, which are trained on beside the others as `FitOptions.unlabelled` says. */
  unlabelled?: UnlabelledSlices;
}

/** How a network is trained. */
export interface FitOptions extends ScheduleOptions, Omit<OptimizerOptions, 'optimizer'>, NonFiniteOptions {
  /** The most epochs, at least 1. Defaults to 100. */
  epochs?: number;
  /** Slices per step, at least 1. Defaults to 8. */
  batchSize?: number;
  /**
   * Training stops after so many epochs without a better validation Dice or loss; 0 means never. Defaults to 20, and to 0
   * with a schedule that ends with the epochs (`'polynomial'`, `'cosine'`): its last epochs, at low learning rates, are
   * what it is for.
   */
  patience?: number;
  /**
   * The weight of earlier epochs in the score that picks the best epoch, and which `patience` waits for, in [0, 1): 0 takes each
   * epoch alone, 0.9 is what nnU-Net has. With few cases a single epoch scores well by chance; see `smoothedScore` of
   * `EpochRecord`. Defaults to 0.
   */
  scoreSmoothing?: number;
  /** Decides the order of slices in each epoch, and how they are augmented. Defaults to 1. */
  seed?: number;
  /** The weights of the loss and how its terms are computed. Validation reports the same L_image. */
  loss?: LossOptions;
  /** How the network learns from slices without masks, where there are some. */
  unlabelled?: UnlabelledOptions;
  /** Epochs in which λ rises from 0 to its whole value; 0 means no warm-up. Without a mask path it has no effect. Defaults to 0. */
  lambdaWarmUp?: number;
  /** Where to continue; weights and moments must have been restored to match. Defaults to the start. */
  state?: TrainingState;
  /**
   * The name of an optimiser, or one with what it remembers, which the caller disposes and which has its own `momentum`,
   * `weightDecay` and average of the weights. Defaults to `'adam'`.
   */
  optimizer?: OptimizerName | Optimizer;
  /** The largest norm of all gradients together, above 0; larger gradients are scaled down to it. Defaults to no limit. */
  clipNorm?: number;
  /**
   * Whether the network ends with the weights of the best epoch of this call instead of those of the last step. It takes a
   * copy of the weights on the device. An interrupted call leaves the weights as they are, for the next one to continue
   * with. Defaults to false.
   */
  restoreBest?: boolean;
  /**
   * The decay of the exponential moving average of all weights, in [0, 1), such as 0.999; 0 means none. Validation sees the
   * average, and so does `restoreBest`; training goes on with the weights themselves. The network ends with the average,
   * unless the call was interrupted or has an optimiser of the caller, whose `average` holds it then. Defaults to 0.
   */
  averageWeights?: number;
  /** Asked after each step whether training is to end now, as if that had been its last epoch. */
  endEarly?: () => EarlyEnd | undefined;
  /** Aborting it ends training after the step in progress, with the state that continues from there. */
  signal?: AbortSignal;
  /** Called after each step. */
  onStep?: (progress: StepProgress) => void;
  /** Called after each epoch, when the state already counts it: the moment to write a checkpoint. */
  onEpoch?: (record: EpochRecord, state: TrainingState, isBest: boolean) => void | Promise<void>;
  /**
   * Saves where training stands within an epoch, too: `write` is called between two steps, at the earliest `seconds` after it
   * was called last or the epoch began. Whoever goes on from such a state has the history of who never stopped. Defaults to
   * none: `onEpoch` and an interruption are then the only moments to write a checkpoint.
   */
  checkpoints?: {
    /** Least time between two of them. */
    seconds: number;
    /** Stores where training stands; the next step waits for it. */
    write: (state: TrainingState) => Promise<void>;
  };
  /**
   * Replaces the step by a faster one, as `compileStep` of `@interseg/runtime` does, and likewise the passes of
   * validation, which are steps from `image` to `probabilities`. Both are released in the end. Defaults to the steps as
   * they are.
   */
  compileStep?: CompileStep;
}

/**
 * Checks that a network can be trained with these options, before its first step.
 *
 * @throws OptionError when a number is out of range, an option does not suit the optimiser or the schedule, no term of the loss that the network has would count, or `omega` has
 * the wrong length
 */
export function checkFitOptions(network: SegmentationNetwork, options: FitOptions): void {
  const { loss = {}, lambdaWarmUp = 0 } = options;
  checkNumbers(options);
  checkOptimizer(options);
  checkSchedule(options);
  network.checkLossWeights(loss);
  if (lambdaWarmUp === 0) return;
  try {
    // In the first epoch of the warm-up, λ is 0.
    network.checkLossWeights({ ...loss, lambda: 0 });
  } catch (error) {
    throw new OptionError(
      `lambdaWarmUp is ${lambdaWarmUp}, expected 0 where the weights of all other terms of the loss are 0.`,
      { cause: error },
    );
  }
}

/** The epochs without progress after which training stops, unless told. */
export function defaultPatience(schedule?: ScheduleName): number {
  return endsWithEpochs(schedule) ? 0 : 20;
}

function checkOptimizer({ optimizer, ...settings }: FitOptions): void {
  if (typeof optimizer !== 'object') {
    checkOptimizerOptions({ optimizer, ...settings });
    return;
  }
  for (const name of ['momentum', 'weightDecay', 'averageWeights'] as const) {
    if (settings[name] === undefined) continue;
    throw new OptionError(`The option ${name} is ${settings[name]}, expected none beside an optimiser that is made.`);
  }
}

function checkNumbers(options: FitOptions): void {
  const least = { epochs: 1, batchSize: 1, patience: 0, lambdaWarmUp: 0, decayEvery: 1 };
  for (const [name, from] of Object.entries(least) as [keyof typeof least, number][]) {
    const value = options[name] ?? from;
    if (Number.isInteger(value) && value >= from) continue;
    throw new OptionError(`The option ${name} is ${value}, expected a whole number of at least ${from}.`);
  }
  const { scoreSmoothing = 0 } = options;
  if (!(scoreSmoothing >= 0 && scoreSmoothing < 1)) {
    throw new OptionError(`The option scoreSmoothing is ${scoreSmoothing}, expected a number at least 0 and below 1.`);
  }
  const most = { learningRate: Infinity, learningRateDecay: 1, clipNorm: Infinity };
  for (const [name, to] of Object.entries(most) as [keyof typeof most, number][]) {
    const value = options[name] ?? 1;
    if (Number.isFinite(value) && value > 0 && value <= to) continue;
    const range = to === 1 ? 'above 0 and at most 1' : 'above 0';
    throw new OptionError(`The option ${name} is ${value}, expected a finite number ${range}.`);
  }
}

/** Why training can end within an epoch: its time is up, or somebody asked for it. */
export type EarlyEnd = 'minutes' | 'stop file';

/** Where training stands after a step. */
export interface StepProgress extends Omit<StepResult, 'usable'> {
  epoch: number;
  epochs: number;
  /** Steps done in this epoch. */
  stepInEpoch: number;
  /** Steps that an epoch has. */
  stepsPerEpoch: number;
}
