import { optimizerDefaults, type OptimizerName } from '../optimizer/create-optimizer.ts';
import type { Optimizer } from '../optimizer/optimizer.ts';
import type { EarlyEnd, FitDataset, FitOptions } from './fit-options.ts';
import { nextTurn } from './next-turn.ts';
import { notFinite, skipBatch } from './non-finite.ts';
import { scheduledLearningRate, warmedLambda, type ScheduleOptions } from './schedules.ts';
import { sliceShapes, type StepBatch, type TrainingSlices } from './slices.ts';
import { runStep, type Step, type StepLoss, type StepResult } from './train-step.ts';
import type { TrainingState } from './training-state.ts';
import { joinUnlabelled, rampedConsistency, unlabelledPerStep } from './unlabelled.ts';

/** How the steps of an epoch ended: with its last batch, or earlier, with the state counting what was done. */
export type EpochEnd = { lastBatch: StepBatch } | { stopped: 'interrupted' | EarlyEnd };

/** What decides the learning rate of a step. */
interface LearningRateOptions extends ScheduleOptions {
  optimizer?: OptimizerName | Optimizer;
  epochs?: number;
}

/** The learning rate of the step that comes next, halvings included. */
export function currentLearningRate(
  { epoch, stepInEpoch, learningRateFactor = 1 }: TrainingState,
  stepsPerEpoch: number,
  { optimizer = 'adam', epochs = 100, ...schedule }: LearningRateOptions,
): number {
  const name = typeof optimizer === 'string' ? optimizer : (optimizer.name as OptimizerName);
  // An optimiser of the caller's own has no default.
  const { learningRate = (optimizerDefaults[name] ?? optimizerDefaults.adam).learningRate } = schedule;
  const time = { epoch, stepInEpoch, stepsPerEpoch, epochs };
  return scheduledLearningRate(time, { ...schedule, learningRate }) * learningRateFactor;
}

/** How many steps an epoch has. */
export function countSteps({ length }: TrainingSlices, batchSize = 8): number {
  return Math.ceil(length / batchSize);
}

/** Runs the remaining steps of the epoch in progress. */
export async function trainEpoch(
  step: Step,
  optimizer: Optimizer,
  { train: source, unlabelled }: Pick<FitDataset, 'train' | 'unlabelled'>,
  state: TrainingState,
  options: FitOptions & { epochs: number },
): Promise<EpochEnd> {
  const { batchSize = 8, seed = 1, signal, onStep, epochs, endEarly, checkpoints, lambdaWarmUp = 0 } = options;
  const lambda: Record<string, number> =
    lambdaWarmUp > 0 ? { lambda: warmedLambda(state.epoch, lambdaWarmUp, options.loss?.lambda) } : {};
  const shapes = sliceShapes(source);
  const stepsPerEpoch = countSteps(source, batchSize);
  const { consistency = 0 } = options.unlabelled ?? {};
  const batchesOf = { seed, epoch: state.epoch, count: stepsPerEpoch, isTwice: consistency > 0 };
  const perStep = unlabelledPerStep(options.unlabelled ?? {}, batchSize);
  const labelled = source.batches({ batchSize, seed, epoch: state.epoch });
  const batches =
    unlabelled && perStep > 0
      ? joinUnlabelled(labelled, unlabelled.batches({ ...batchesOf, batchSize: perStep }))
      : labelled;
  let index = 0;
  let started = performance.now();
  let saved = started;
  let lastBatch: StepBatch | undefined;
  for await (const batch of batches) {
    lastBatch = batch;
    if (index++ < state.stepInEpoch) continue;
    const learningRate = currentLearningRate(state, stepsPerEpoch, options);
    const weight: Record<string, number> =
      consistency > 0 ? { consistency: rampedConsistency({ ...state, stepsPerEpoch }, options.unlabelled!) } : {};
    const numbers = { ...optimizer.scalars(learningRate, state.step), ...lambda, ...weight };
    const result = await runStep(step, batch, shapes, numbers);
    const isCounted = count(state, batch, result) || skipBatch(state, batch, result, options);
    state.stepInEpoch++;
    const now = performance.now();
    state.sums.seconds += (now - started) / 1000;
    started = now;
    if (isCounted) onStep?.({ epoch: state.epoch, epochs, stepInEpoch: state.stepInEpoch, stepsPerEpoch, ...result });
    // An engine that answers at once never yields by itself, and a signal would wait until the epoch ends.
    await nextTurn();
    if (signal?.aborted) return { stopped: 'interrupted' };
    const reason = endEarly?.();
    if (reason) return { stopped: reason };
    // After the last step comes the checkpoint of the epoch.
    if (checkpoints && state.stepInEpoch < stepsPerEpoch && now - saved >= checkpoints.seconds * 1000) {
      await checkpoints.write(state);
      saved = started = performance.now();
    }
  }
  return { lastBatch: lastBatch! };
}

/** Adds a step to the state, if its numbers are finite. */
function count(state: TrainingState, { count: samples }: StepBatch, result: StepResult): boolean {
  if (!result.usable || notFinite(result)) return false;
  const { loss, gradientNorm } = result;
  state.step++;
  delete state.skippedInARow;
  state.sums.samples += samples;
  for (const [name, value] of Object.entries(loss) as [keyof StepLoss, number][]) {
    state.sums.losses[name] = (state.sums.losses[name] ?? 0) + value * samples;
  }
  state.sums.gradientNorm = (state.sums.gradientNorm ?? 0) + gradientNorm * samples;
  return true;
}
