import { OptionError } from '@interseg/errors';
import type { SegmentationNetwork } from '@interseg/models';
import { Adam } from '../optimizer/adam.ts';
import { collapsedLevels, measureFeatures } from './feature-activation.ts';
import { checkFitOptions, type EarlyEnd, type FitDataset, type FitOptions } from './fit-options.ts';
import type { EpochRecord } from './history.ts';
import { currentLearningRate, trainEpoch } from './train-epoch.ts';
import { createStep, type Step, type StepBatch } from './train-step.ts';
import { emptySums, initialState, lastProgress, score, type TrainingState } from './training-state.ts';
import { validate } from './validate.ts';

/** How training ended. */
export interface FitResult {
  state: TrainingState;
  /** Why training ended. */
  stopped: 'epochs' | 'patience' | 'interrupted' | EarlyEnd;
}

/**
 * Trains a network: Adam with a decaying learning rate, validation after each epoch, early stop. The same network,
 * data, options and engine give the same history. Tensors are not accumulated.
 *
 * @throws OptionError when there are no training slices, or no term of the loss that the network has would count
 * @throws Error when the loss is not a finite number, naming the step and its cases
 */
export async function fit(
  network: SegmentationNetwork,
  dataset: FitDataset,
  options: FitOptions = {},
): Promise<FitResult> {
  const { epochs = 100, patience = 20, state = initialState(), onEpoch, loss = {} } = options;
  const { compileStep = (plain: Step) => plain } = options;
  if (dataset.train.length === 0) {
    throw new OptionError('There are no training slices, expected at least one with foreground.');
  }
  checkFitOptions(network, options);
  const optimizer = options.optimizer ?? new Adam(network.trainableVariables);
  const guards = { clipNorm: options.clipNorm, skipNonFinite: (options.onNan ?? 'stop') !== 'stop' };
  const step = compileStep(createStep(network, optimizer, loss, guards));
  try {
    while (state.epoch <= epochs) {
      if (patience > 0 && state.epoch - 1 - lastProgress(state) >= patience) {
        return { state, stopped: 'patience' };
      }
      const end = await trainEpoch(step, dataset.train, state, { ...options, epochs });
      if ('stopped' in end) return { state, stopped: end.stopped };
      const record = await finishEpoch(network, dataset, state, end.lastBatch, options);
      const isBest = state.best?.epoch === record.epoch;
      await onEpoch?.(record, state, isBest);
    }
    return { state, stopped: 'epochs' };
  } finally {
    if (!options.optimizer) optimizer.dispose();
  }
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
  const { losses, samples, seconds, gradientNorm } = state.sums;
  const skipped = state.skipped?.filter(({ epoch }) => epoch === state.epoch).length;
  if (samples === 0) throw new Error(`All batches of epoch ${state.epoch} were passed over; at least one is expected.`);
  const mean = (sum?: number): number | undefined => (sum === undefined ? undefined : sum / samples);
  const record: EpochRecord = {
    epoch: state.epoch,
    step: state.step,
    learningRate: currentLearningRate(state, options),
    trainLoss: mean(losses.total) as number,
    lossImage: mean(losses.image) as number,
    lossMask: mean(losses.mask),
    lossIntermediate: mean(losses.intermediate),
    lossReconstruction: mean(losses.reconstruction),
    valLoss: validation?.loss,
    valDice: validation?.dice,
    seconds: seconds + (performance.now() - started) / 1000,
    ...(gradientNorm !== undefined && { gradientNorm: gradientNorm / samples }),
    ...(skipped && { skipped }),
    ...(scales && { scales }),
    ...(collapsed?.length && { collapsed }),
    ...(validation?.missed.length && { missed: validation.missed }),
  };
  state.history.push(record);
  if (!state.best || score(record) > state.best.score) state.best = { epoch: record.epoch, score: score(record) };
  state.epoch++;
  state.stepInEpoch = 0;
  state.sums = emptySums();
  return record;
}
