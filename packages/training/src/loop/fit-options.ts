import type { SliceSource } from '@interseg/data';
import { OptionError } from '@interseg/errors';
import type { SegmentationNetwork } from '@interseg/models';
import type { Adam } from '../optimizer/adam.ts';
import type { EpochRecord } from './history.ts';
import type { LearningRateSchedule } from './learning-rate.ts';
import type { LossOptions } from './loss-options.ts';
import type { NonFiniteOptions } from './non-finite.ts';
import type { CompileStep, StepResult } from './train-step.ts';
import type { TrainingState } from './training-state.ts';

/** The slices that a network is trained on. */
export interface FitDataset {
  train: SliceSource;
  /** Without it the best epoch is the one with the lowest training loss. */
  validation?: SliceSource;
}

/** How a network is trained. */
export interface FitOptions extends Partial<LearningRateSchedule>, NonFiniteOptions {
  /** Epochs at most; 100 unless told. */
  epochs?: number;
  /** Slices per step; 8 unless told. */
  batchSize?: number;
  /** Epochs without a better Dice or a lower loss in validation after which training stops; 0 never; 20 unless told. */
  patience?: number;
  /** Orders the slices of each epoch; 1 unless told. */
  seed?: number;
  /** The weights of the loss and how levels are matched. */
  loss?: LossOptions;
  /** Epochs in which λ rises from 0; 0, not at all, unless told. Of no effect without a mask path. */
  lambdaWarmUp?: number;
  /** Continues from here instead of from the start; weights and moments must have been restored to match. */
  state?: TrainingState;
  /** The optimiser to use, with its moments; a new one unless told. */
  optimizer?: Adam;
  /** Largest norm of all gradients together, > 0; larger ones are scaled down to it. Not limited unless told. */
  clipNorm?: number;
  /** Asked after each step whether training is to end now, as if that had been its last epoch. */
  endEarly?: () => EarlyEnd | undefined;
  /** Aborting ends training after the step in progress, with the state that continues from there. */
  signal?: AbortSignal;
  /** After each step. */
  onStep?: (progress: StepProgress) => void;
  /** After each epoch, when the state already counts it: the moment to write a checkpoint. */
  onEpoch?: (record: EpochRecord, state: TrainingState, isBest: boolean) => void | Promise<void>;
  compileStep?: CompileStep;
}

/**
 * Checks that a network can be trained with these options, before its first step.
 *
 * @throws OptionError when no term of the loss that the network has would count, or `omega` has the wrong length
 */
export function checkFitOptions(
  network: SegmentationNetwork,
  { loss = {}, lambdaWarmUp = 0 }: Pick<FitOptions, 'loss' | 'lambdaWarmUp'>,
): void {
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

/** Why training can end between two epochs: its time is up, or somebody asked for it. */
export type EarlyEnd = 'minutes' | 'stop file';

/** Where training stands after a step. */
export interface StepProgress extends Omit<StepResult, 'usable'> {
  epoch: number;
  epochs: number;
  /** Of this epoch: steps done, and steps in all. */
  stepInEpoch: number;
  stepsPerEpoch: number;
}
