import type { SliceSource } from '@interseg/data';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SegmentationNetwork } from '@interseg/models';
import { Adam } from '../optimizer/adam.ts';
import { collapsedLevels, measureFeatures } from './feature-scale.ts';
import type { EpochRecord } from './history.ts';
import { learningRateAt, paperSchedule, type LearningRateSchedule } from './learning-rate.ts';
import type { LossOptions } from './loss-options.ts';
import {
  createStep,
  runStep,
  sliceShapes,
  type CompileStep,
  type Step,
  type StepBatch,
  type StepLoss,
} from './train-step.ts';
import { emptySums, initialState, lastProgress, score, type TrainingState } from './training-state.ts';
import { validate } from './validate.ts';

export interface FitDataset {
  train: SliceSource;
  /** Without it the best epoch is the one with the lowest training loss. */
  validation?: SliceSource;
}

export interface FitOptions extends Partial<LearningRateSchedule> {
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
  /** Continues from here instead of from the start; weights and moments must have been restored to match. */
  state?: TrainingState;
  /** The optimiser to use, with its moments; a new one unless told. */
  optimizer?: Adam;
  /** Aborting ends training after the step in progress, with the state that continues from there. */
  signal?: AbortSignal;
  /** After each step. */
  onStep?: (progress: StepProgress) => void;
  /** After each epoch, when the state already counts it: the moment to write a checkpoint. */
  onEpoch?: (record: EpochRecord, state: TrainingState, isBest: boolean) => void | Promise<void>;
  compileStep?: CompileStep;
}

export interface StepProgress {
  epoch: number;
  epochs: number;
  /** Of this epoch: steps done, and steps in all. */
  stepInEpoch: number;
  stepsPerEpoch: number;
  loss: StepLoss;
}

export interface FitResult {
  state: TrainingState;
  /** Why training ended. */
  stopped: 'epochs' | 'patience' | 'interrupted';
}

/**
 * Trains a network: Adam with a decaying learning rate, validation after each epoch, early stop. The same network,
 * data, options and engine give the same history. Tensors are not accumulated.
 *
 * @throws Error when there are no training slices, or the loss is no finite number, naming the step and its cases
 */
export async function fit(
  network: SegmentationNetwork,
  dataset: FitDataset,
  options: FitOptions = {},
): Promise<FitResult> {
  const { epochs = 100, patience = 20, state = initialState(), onEpoch, loss = {} } = options;
  const { compileStep = (plain: Step) => plain } = options;
  if (dataset.train.length === 0)
    throw new Error('There are no training slices; at least one with foreground is expected.');
  const optimizer = options.optimizer ?? new Adam(network.trainableVariables);
  const step = compileStep(createStep(network, optimizer, loss));
  try {
    while (state.epoch <= epochs) {
      if (patience > 0 && state.epoch - 1 - lastProgress(state) >= patience) {
        return { state, stopped: 'patience' };
      }
      const lastBatch = await trainEpoch(step, dataset.train, state, { ...options, epochs });
      if (!lastBatch) return { state, stopped: 'interrupted' };
      const record = await finishEpoch(network, dataset, state, lastBatch, options);
      const isBest = state.best?.epoch === record.epoch;
      await onEpoch?.(record, state, isBest);
    }
    return { state, stopped: 'epochs' };
  } finally {
    if (!options.optimizer) optimizer.dispose();
  }
}

/** Does the epoch's remaining steps and returns its last batch; or nothing when interrupted, with `state` counting what was done. */
async function trainEpoch(
  step: Step,
  source: SliceSource,
  state: TrainingState,
  options: FitOptions & { epochs: number },
): Promise<StepBatch | undefined> {
  const { batchSize = 8, seed = 1, signal, onStep, epochs } = options;
  const shapes = sliceShapes(source);
  const learningRate = learningRateAt(state.epoch, { ...paperSchedule, ...options });
  const stepsPerEpoch = Math.ceil(source.length / batchSize);
  let index = 0;
  let started = performance.now();
  let lastBatch: StepBatch | undefined;
  for await (const batch of source.batches({ batchSize, seed, epoch: state.epoch, shuffle: true })) {
    lastBatch = batch;
    if (index++ < state.stepInEpoch) continue;
    const losses = await runStep(step, batch, shapes, Adam.step(learningRate, state.step));
    if (!Number.isFinite(losses.total)) {
      const cases = [...new Set(batch.cases)].join(', ');
      throw new Error(
        `The loss is ${losses.total} in epoch ${state.epoch}, step ${state.step + 1} (cases ${cases}); a finite number is expected: lower the learning rate or look at these cases.`,
      );
    }
    state.step++;
    state.stepInEpoch++;
    state.sums.samples += batch.count;
    for (const [name, value] of Object.entries(losses) as [keyof StepLoss, number][]) {
      state.sums.losses[name] = (state.sums.losses[name] ?? 0) + value * batch.count;
    }
    const now = performance.now();
    state.sums.seconds += (now - started) / 1000;
    started = now;
    onStep?.({ epoch: state.epoch, epochs, stepInEpoch: state.stepInEpoch, stepsPerEpoch, loss: losses });
    // Engines that answer at once never let the event loop turn by themselves, and a signal would wait for the epoch's end.
    await nextTurn();
    if (signal?.aborted) return undefined;
  }
  return lastBatch;
}

/** Validates, writes the epoch into the history and moves the state on to the next epoch. */
async function finishEpoch(
  network: SegmentationNetwork,
  dataset: FitDataset,
  state: TrainingState,
  lastBatch: StepBatch,
  options: FitOptions,
): Promise<EpochRecord> {
  const started = performance.now();
  const validation = dataset.validation && (await validate(network, dataset.validation, options.batchSize ?? 8));
  const scales = await measureFeatures(network, lastBatch);
  const collapsed = scales && collapsedLevels(scales, state.history[0]?.scales ?? scales);
  const { losses, samples, seconds } = state.sums;
  const mean = (sum?: number): number | undefined => (sum === undefined ? undefined : sum / samples);
  const record: EpochRecord = {
    epoch: state.epoch,
    step: state.step,
    learningRate: learningRateAt(state.epoch, { ...paperSchedule, ...options }),
    trainLoss: mean(losses.total) as number,
    lossImage: mean(losses.image) as number,
    lossMask: mean(losses.mask),
    lossIntermediate: mean(losses.intermediate),
    lossReconstruction: mean(losses.reconstruction),
    valLoss: validation?.loss,
    valDice: validation?.dice,
    seconds: seconds + (performance.now() - started) / 1000,
    ...(scales && { scales }),
    ...(collapsed?.length && { collapsed }),
  };
  state.history.push(record);
  if (!state.best || score(record) > state.best.score) state.best = { epoch: record.epoch, score: score(record) };
  state.epoch++;
  state.stepInEpoch = 0;
  state.sums = emptySums();
  return record;
}
