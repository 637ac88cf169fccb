import type { EpochRecord } from './history.ts';
import type { StepLoss } from './train-step.ts';

/** A batch that was skipped. */
export interface SkippedBatch {
  epoch: number;
  /** Its place in the epoch, counted from 1. */
  stepInEpoch: number;
  /** As text, as JSON has neither NaN nor infinity. */
  loss: string;
  cases: string[];
}

/** What pretraining of the mask path remembers besides weights and moments. */
export interface PretrainingState {
  /** Whole epochs done. */
  epochs: number;
  /** Steps done in them. */
  steps: number;
}

/** What training remembers besides weights and moments; with those, it continues as if it had never stopped. */
export interface TrainingState {
  /** The epoch in progress, counted from 1. */
  epoch: number;
  /** Steps done in the epoch in progress. */
  stepInEpoch: number;
  /** Steps done since the start. */
  step: number;
  /** Sums over the samples of the epoch in progress, for its means. */
  sums: { samples: number; losses: Partial<StepLoss>; seconds: number; gradientNorm?: number };
  /** The best epoch so far and its score; a higher score is better. */
  best?: { epoch: number; score: number };
  history: EpochRecord[];
  /** Batches that were skipped because their loss or gradients were not finite. */
  skipped?: SkippedBatch[];
  /** How many of them came in a row, up to now. */
  skippedInARow?: number;
  /** The factor on the schedule's learning rate, after halvings. Defaults to 1. */
  learningRateFactor?: number;
  /** How much of the mask path's pretraining is done, while it goes on. */
  pretraining?: PretrainingState;
  /** True once the mask path has been pretrained. */
  pretrained?: boolean;
}

/** The state before the first step. */
export function initialState(): TrainingState {
  return { epoch: 1, stepInEpoch: 0, step: 0, sums: emptySums(), history: [] };
}

export function emptySums(): TrainingState['sums'] {
  return { samples: 0, losses: {}, seconds: 0 };
}

/**
 * The score by which the best epoch is chosen, smoothed where that was asked for: the validation Dice, or the negative
 * training loss without one.
 */
export function score({ smoothedScore, ...record }: EpochRecord): number {
  return smoothedScore ?? ownScore(record);
}

/** The score of an epoch alone. */
function ownScore({ valDice, trainLoss }: Omit<EpochRecord, 'smoothedScore'>): number {
  return valDice ?? -trainLoss;
}

/**
 * The score of an epoch smoothed over those before it, their exponential moving average: smoothing · the average so far +
 * (1 − smoothing) · its own; the first epoch has its own. nnU-Net has this of its validation Dice (`ema_fg_dice`, with 0.9).
 *
 * @param smoothing the weight of the epochs before, in [0, 1)
 */
export function smoothScore(before: EpochRecord | undefined, record: EpochRecord, smoothing: number): number {
  const own = ownScore(record);
  return before ? smoothing * score(before) + (1 - smoothing) * own : own;
}

/** The epoch whose weights a run keeps: the first with the highest score, which is the validation Dice, or without one the
 * negative training loss, smoothed where that was asked for. `undefined` without any epoch. */
export function bestEpoch(history: readonly EpochRecord[]): EpochRecord | undefined {
  return history.reduce<EpochRecord | undefined>(
    (best, record) => (best === undefined || score(record) > score(best) ? record : best),
    undefined,
  );
}

/**
 * The last epoch that was the best so far, by its score or by its validation loss. While small objects are learned, the
 * Dice stays 0 until a probability reaches 0.5, but the loss falls: that is progress, too.
 */
export function lastProgress({ history, best }: TrainingState): number {
  let lowest = Infinity;
  let epoch = best?.epoch ?? 0;
  for (const record of history) {
    if ((record.valLoss ?? Infinity) >= lowest) continue;
    lowest = record.valLoss!;
    epoch = Math.max(epoch, record.epoch);
  }
  return epoch;
}
