import { Adam } from '../optimizer/adam.ts';
import type { EarlyEnd, FitOptions } from './fit-options.ts';
import { nextTurn } from './next-turn.ts';
import { notFinite, skipBatch } from './non-finite.ts';
import { defaultSchedule, learningRateAt, warmedLambda, type LearningRateSchedule } from './schedules.ts';
import { sliceShapes, type StepBatch, type TrainingSlices } from './slices.ts';
import { runStep, type Step, type StepLoss, type StepResult } from './train-step.ts';
import type { TrainingState } from './training-state.ts';

/** How the steps of an epoch ended: with its last batch, or earlier, with the state counting what was done. */
export type EpochEnd = { lastBatch: StepBatch } | { stopped: 'interrupted' | EarlyEnd };

/** The learning rate of the epoch in progress, halvings included. */
export function currentLearningRate(state: TrainingState, options: Partial<LearningRateSchedule>): number {
  return learningRateAt(state.epoch, { ...defaultSchedule, ...options }) * (state.learningRateFactor ?? 1);
}

/** Runs the remaining steps of the epoch in progress. */
export async function trainEpoch(
  step: Step,
  source: TrainingSlices,
  state: TrainingState,
  options: FitOptions & { epochs: number },
): Promise<EpochEnd> {
  const { batchSize = 8, seed = 1, signal, onStep, epochs, endEarly, lambdaWarmUp = 0 } = options;
  const lambda = lambdaWarmUp > 0 ? { lambda: warmedLambda(state.epoch, lambdaWarmUp, options.loss?.lambda) } : {};
  const shapes = sliceShapes(source);
  const stepsPerEpoch = Math.ceil(source.length / batchSize);
  let index = 0;
  let started = performance.now();
  let lastBatch: StepBatch | undefined;
  for await (const batch of source.batches({ batchSize, seed, epoch: state.epoch })) {
    lastBatch = batch;
    if (index++ < state.stepInEpoch) continue;
    const update = Adam.step(currentLearningRate(state, options), state.step);
    const result = await runStep(step, batch, shapes, { ...update, ...lambda });
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
