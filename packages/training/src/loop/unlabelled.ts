import { OptionError } from '@interseg/errors';
import { defaultLossWeights } from '@interseg/losses';
import type { SegmentationNetwork } from '@interseg/models';
import type { ScheduleTime } from './schedules.ts';
import type { StepBatch } from './slices.ts';
import type { LossOptions } from './train-step.ts';

/** The slices without masks that a network is trained on: those of `openUnlabelledSlices`, or your own. */
export interface UnlabelledSlices {
  /** How many slices there are. */
  readonly length: number;
  /** `[H, W]`. */
  readonly size: readonly [height: number, width: number];
  /** C. */
  readonly channels: number;
  /**
   * `count` batches of `batchSize` slices each, or without a count every slice once, where the last batch may be smaller. With
   * `isTwice` each has `otherImages`. For an interrupted run to continue as if it had never stopped, they must depend on
   * nothing but these options.
   */
  batches(options: {
    batchSize: number;
    count?: number;
    seed: number | string;
    epoch: number;
    isTwice?: boolean;
  }): AsyncIterable<UnlabelledStepBatch>;
}

/** The slices without masks of one step, row-major. */
export interface UnlabelledStepBatch {
  /** `[count, H, W, C]`. */
  images: Float32Array;
  /** The same places with other intensities, as the teacher sees them. */
  otherImages?: Float32Array;
  count: number;
  /** The case of each slice, for errors. */
  cases?: readonly string[];
}

/** How a network learns from slices without masks. */
export interface UnlabelledOptions {
  /** Slices without masks in a step for each of the batch size, at least 0; above 0, there is at least one. Defaults to 1. */
  ratio?: number;
  /**
   * The weight of the consistency with the teacher, at least 0: of `consistencyLoss` of `@interseg/losses` between what the
   * network says of a slice and what its teacher says of the same slice with other intensities. The teacher is the average
   * of the weights so far, as in the mean teacher of Tarvainen & Valpola, arXiv 1703.01780; it needs `averageWeights`.
   * Defaults to 0.
   */
  consistency?: number;
  /**
   * Epochs in which that weight rises to the whole, as exp(−5·(1 − t)²) for the part t of them that is done: what a teacher says
   * who has learned nothing must not count. As in the paper. At least 0. Defaults to 10.
   */
  rampUpEpochs?: number;
  /** How sure the teacher must be, from 0.5 to 1, for a pixel to count. Defaults to 0.5: all count. */
  confidence?: number;
}

/** How many slices without masks a step has. */
export function unlabelledPerStep({ ratio = 1 }: UnlabelledOptions, batchSize: number): number {
  return ratio > 0 ? Math.max(1, Math.round(ratio * batchSize)) : 0;
}

/** The weight of the consistency in a step. */
export function rampedConsistency(
  { epoch, stepInEpoch, stepsPerEpoch }: Omit<ScheduleTime, 'epochs'>,
  { consistency = 0, rampUpEpochs = 10 }: UnlabelledOptions,
): number {
  const done = epoch - 1 + stepInEpoch / stepsPerEpoch;
  const t = rampUpEpochs > 0 ? Math.min(1, done / rampUpEpochs) : 1;
  return consistency * Math.exp(-5 * (1 - t) ** 2);
}

/** Batches of slices with masks, each with as many without as a step has. */
export async function* joinUnlabelled(
  labelled: AsyncIterable<StepBatch>,
  unlabelled: AsyncIterable<UnlabelledStepBatch>,
): AsyncGenerator<StepBatch, void> {
  const others = unlabelled[Symbol.asyncIterator]();
  try {
    for await (const batch of labelled) {
      const next = await others.next();
      if (next.done) {
        throw new Error('The slices without masks have ended before those with, expected as many batches.');
      }
      const cases = [...(batch.cases ?? []), ...(next.value.cases ?? [])];
      yield { ...batch, unlabelled: next.value, ...(cases.length > 0 && { cases }) };
    }
  } finally {
    await others.return?.();
  }
}

/** What decides whether slices without masks can be learned from. */
export interface UnlabelledChoice {
  loss?: LossOptions;
  unlabelled?: UnlabelledOptions;
  /** Whether the optimiser keeps an average of the weights. */
  hasAverage: boolean;
  /** Whether there are slices without masks. */
  hasSlices: boolean;
  /** Whether they were learned from before, so that a ratio of 0 is no mistake. */
  isPretrained?: boolean;
}

/**
 * Checks that something is learned from slices without masks where there are some, and that nothing is wanted of them where
 * there are none.
 *
 * @throws OptionError naming what to add
 */
export function checkUnlabelled(
  { options: { variant } }: SegmentationNetwork,
  { loss = {}, unlabelled = {}, hasAverage, hasSlices, isPretrained = false }: UnlabelledChoice,
): void {
  const { ratio = 1, consistency = 0, rampUpEpochs = 10, confidence = 0.5 } = unlabelled;
  for (const [name, value] of Object.entries({ ratio, consistency, rampUpEpochs })) {
    if (Number.isFinite(value) && value >= 0) continue;
    throw new OptionError(`The option unlabelled.${name} is ${value}, expected a finite number of at least 0.`);
  }
  if (!(confidence >= 0.5 && confidence <= 1)) {
    throw new OptionError(`The option unlabelled.confidence is ${confidence}, expected a number from 0.5 to 1.`);
  }
  if (consistency > 0 && !(hasSlices && ratio > 0)) {
    throw new OptionError(
      `consistency is ${consistency}, but no slices without labels are trained on; expected unlabelled cases, or 0.`,
    );
  }
  if (consistency > 0 && !hasAverage) {
    throw new OptionError(
      `consistency is ${consistency}, but there is no teacher: averageWeights is 0, expected the decay of the average that teaches, such as 0.99.`,
    );
  }
  if (!hasSlices || consistency > 0 || (ratio === 0 && isPretrained)) return;
  const { beta = defaultLossWeights.beta } = loss;
  const { reconstruction } = variant.mechanism;
  if (ratio > 0 && reconstruction && beta > 0) return;
  const reason =
    ratio === 0
      ? 'unlabelledRatio is 0'
      : reconstruction
        ? 'beta and consistency are 0'
        : `${variant.name} has no reconstruction and consistency is 0`;
  const remedies = reconstruction
    ? 'weights above 0'
    : `a variant such as tw-${variant.backbone.name}, or a consistency above 0`;
  throw new OptionError(
    `Nothing is learned from the unlabelled cases: ${reason}, expected ${ratio === 0 ? 'more, or pretrain reconstruction' : remedies}.`,
  );
}
