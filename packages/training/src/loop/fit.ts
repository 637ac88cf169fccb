import { OptionError } from '@interseg/errors';
import { compileNetwork, type SliceNetwork } from '@interseg/inference';
import type { SegmentationNetwork } from '@interseg/models';
import { createOptimizer } from '../optimizer/create-optimizer.ts';
import type { Optimizer } from '../optimizer/optimizer.ts';
import { BestWeights } from './best-weights.ts';
import { collapsedLevels, measureFeatures } from './feature-activation.ts';
import { checkFitOptions, defaultPatience, type EarlyEnd, type FitDataset, type FitOptions } from './fit-options.ts';
import type { EpochRecord } from './history.ts';
import { checkImageShape } from './reconstruction.ts';
import { checkSliceShape, type StepBatch, type ValidationSlices } from './slices.ts';
import { countSteps, currentLearningRate, trainEpoch } from './train-epoch.ts';
import { createStep, type Step } from './train-step.ts';
import { emptySums, initialState, lastProgress, score, smoothScore, type TrainingState } from './training-state.ts';
import { checkUnlabelled } from './unlabelled.ts';
import { validate, type ValidationResult } from './validate.ts';

/** How training ended. */
export interface FitResult {
  /** One record for each whole epoch, those of `options.state` included. */
  history: EpochRecord[];
  /** With the weights and moments, all that is needed to continue. */
  state: TrainingState;
  /** Why training ended. */
  stopped: 'epochs' | 'patience' | 'interrupted' | EarlyEnd;
}

/**
 * Trains a network with a decaying learning rate, validation after each epoch and early stopping. The same network, data,
 * options and engine give the same history. Tensors do not accumulate.
 *
 * ```ts
 * const slices = await slicesFromArrays(images, masks);
 * const { history } = await fit(network, slices.split(0.2), { epochs: 20, batchSize: 8 });
 * const probabilities = network.deploy.predict(images);
 * ```
 *
 * @throws OptionError when there are no training slices, when slices are not of the network's shape, when an option is out
 * of range, when no term of the loss that the network has would count, or when nothing would be learned from slices without
 * masks
 * @throws Error when the loss or a gradient is not finite, naming the step and its cases (see {@link FitOptions.onNan})
 */
export async function fit(
  network: SegmentationNetwork,
  dataset: FitDataset,
  options: FitOptions = {},
): Promise<FitResult> {
  const { epochs = 100, patience = defaultPatience(options.schedule), state = initialState() } = options;
  const { onEpoch, loss = {} } = options;
  const { compileStep = (plain: Step) => plain } = options;
  if (dataset.train.length === 0) {
    throw new OptionError('There are no training slices, expected at least one with foreground.');
  }
  checkSliceShape(network, 'training slices', dataset.train);
  if (dataset.validation) checkSliceShape(network, 'validation slices', dataset.validation);
  const { train, unlabelled } = dataset;
  if (unlabelled) checkImageShape(network, unlabelled);
  checkFitOptions(network, options);
  checkUnlabelled(network, { ...options, hasAverage: hasAverage(options), hasSlices: unlabelled !== undefined });
  const optimizer = optimizerOf(network, options);
  const { average } = optimizer;
  if (state.step === 0) average?.restart();
  const bestWeights = new BestWeights(network, average);
  const guards = { clipNorm: options.clipNorm, skipNonFinite: (options.onNan ?? 'stop') !== 'stop' };
  const step = compileStep(createStep(network, optimizer, loss, guards, options.unlabelled));
  const deployed = compileNetwork(network.deploy, compileStep);
  const trainUntilEnd = async (): Promise<FitResult['stopped']> => {
    while (state.epoch <= epochs) {
      if (patience > 0 && state.epoch - 1 - lastProgress(state) >= patience) return 'patience';
      const end = await trainEpoch(step, optimizer, { train, unlabelled }, state, { ...options, epochs });
      if ('stopped' in end) return end.stopped;
      const record = await finishEpoch(network, dataset, state, end.lastBatch, { ...options, optimizer, deployed });
      const isBest = state.best?.epoch === record.epoch;
      if (isBest && options.restoreBest) bestWeights.keep();
      await onEpoch?.(record, state, isBest);
    }
    return 'epochs';
  };
  try {
    const stopped = await trainUntilEnd();
    // With an optimiser of the caller, the weights of the last step are what it continues from.
    if (stopped !== 'interrupted' && !bestWeights.restore() && optimizer !== options.optimizer) average?.apply();
    return { history: state.history, state, stopped };
  } finally {
    step.release?.();
    deployed.release();
    bestWeights.dispose();
    if (optimizer !== options.optimizer) optimizer.dispose();
  }
}

/** Whether the optimiser that {@link optimizerOf} gives keeps an average of the weights. */
function hasAverage({ optimizer, averageWeights = 0 }: FitOptions): boolean {
  return typeof optimizer === 'object' ? optimizer.average !== undefined : averageWeights > 0;
}

/** The optimiser that was given, or one as the options say. */
function optimizerOf(network: SegmentationNetwork, { optimizer, ...settings }: FitOptions): Optimizer {
  if (typeof optimizer === 'object') return optimizer;
  return createOptimizer(network, { optimizer, ...settings });
}

/** How an epoch ends. */
interface EpochOptions extends FitOptions {
  optimizer: Optimizer;
  /** `network.deploy`. */
  deployed: SliceNetwork;
}

/** Validates the network with the weights that it is to have in the end. */
async function validateAverage(
  network: SegmentationNetwork,
  source: ValidationSlices,
  { batchSize = 8, loss, optimizer: { average }, deployed }: EpochOptions,
): Promise<ValidationResult> {
  const work = () => validate(network, source, batchSize, loss, deployed);
  return average ? average.during(work) : work();
}

/** Validates, adds the epoch to the history and moves the state on to the next epoch. */
async function finishEpoch(
  network: SegmentationNetwork,
  dataset: FitDataset,
  state: TrainingState,
  lastBatch: StepBatch,
  options: EpochOptions,
): Promise<EpochRecord> {
  const started = performance.now();
  const { batchSize = 8 } = options;
  const validation = dataset.validation && (await validateAverage(network, dataset.validation, options));
  const scales = await measureFeatures(network, lastBatch);
  const collapsed = scales && collapsedLevels(scales, state.history[0]?.scales ?? scales);
  const { losses, samples, seconds, gradientNorm } = state.sums;
  const skipped = state.skipped?.filter(({ epoch }) => epoch === state.epoch).length;
  if (samples === 0) throw new Error(`All batches of epoch ${state.epoch} were skipped; at least one is expected.`);
  const mean = (sum?: number): number | undefined => (sum === undefined ? undefined : sum / samples);
  const lastStep = { ...state, stepInEpoch: state.stepInEpoch - 1 };
  const record: EpochRecord = {
    epoch: state.epoch,
    step: state.step,
    learningRate: currentLearningRate(lastStep, countSteps(dataset.train, batchSize), options),
    trainLoss: mean(losses.total)!,
    lossImage: mean(losses.image)!,
    lossDeepSupervision: mean(losses.deepSupervision),
    lossMask: mean(losses.mask),
    lossIntermediate: mean(losses.intermediate),
    lossReconstruction: mean(losses.reconstruction),
    lossReconstructionUnlabelled: mean(losses.unlabelledReconstruction),
    lossConsistency: mean(losses.consistency),
    valLoss: validation?.loss,
    valDice: validation?.dice,
    seconds: seconds + (performance.now() - started) / 1000,
    ...(gradientNorm !== undefined && { gradientNorm: gradientNorm / samples }),
    ...(skipped && { skipped }),
    ...(scales && { scales }),
    ...(collapsed?.length && { collapsed }),
    ...(validation?.missed.length && { missed: validation.missed }),
  };
  const { scoreSmoothing = 0 } = options;
  if (scoreSmoothing > 0) record.smoothedScore = smoothScore(state.history.at(-1), record, scoreSmoothing);
  state.history.push(record);
  if (!state.best || score(record) > state.best.score) state.best = { epoch: record.epoch, score: score(record) };
  state.epoch++;
  state.stepInEpoch = 0;
  state.sums = emptySums();
  return record;
}
