import type { EpochRecord } from './history.ts';
import type { StepLoss } from './train-step.ts';

/** A batch that was passed over. */
export interface SkippedBatch {
  epoch: number;
  /** Its place in the epoch, counted from 1. */
  stepInEpoch: number;
  /** As text, as JSON has neither NaN nor infinity. */
  loss: string;
  cases: string[];
}

/** What training of the mask path beforehand remembers besides weights and moments. */
export interface PretrainingState {
  /** Whole epochs done. */
  epochs: number;
  /** Steps done in them. */
  steps: number;
}

/** Everything that training remembers besides weights and moments: with those, it continues as if never stopped. */
export interface TrainingState {
  /** The epoch in progress, counted from 1. */
  epoch: number;
  /** Steps done in the epoch in progress. */
  stepInEpoch: number;
  /** Steps done since the start. */
  step: number;
  /** Sums over the samples of the epoch in progress, from which its means are taken. */
  sums: { samples: number; losses: Partial<StepLoss>; seconds: number; gradientNorm?: number };
  /** The best epoch so far and its score, which higher is better. */
  best?: { epoch: number; score: number };
  history: EpochRecord[];
  /** Batches that were passed over, as their loss was not finite. */
  skipped?: SkippedBatch[];
  /** How many in a row until now. */
  skippedInARow?: number;
  /** What the schedule's learning rate is multiplied with, 1 unless it was halved. */
  learningRateFactor?: number;
  /** How much of the mask path's own training is done, while it goes on. */
  pretraining?: PretrainingState;
  /** True once the mask path has been trained beforehand, where it is. */
  pretrained?: boolean;
}

/** The state before the first step. */
export function initialState(): TrainingState {
  return { epoch: 1, stepInEpoch: 0, step: 0, sums: emptySums(), history: [] };
}

export function emptySums(): TrainingState['sums'] {
  return { samples: 0, losses: {}, seconds: 0 };
}

/** What decides which epoch is best: the validation Dice, or the negative training loss where there is no such Dice. */
export function score({ valDice, trainLoss }: EpochRecord): number {
  return valDice ?? -trainLoss;
}

/** The epoch whose weights a run keeps: the first with the highest {@link score}. `undefined` without any epoch. */
export function bestEpoch(history: readonly EpochRecord[]): EpochRecord | undefined {
  return history.reduce<EpochRecord | undefined>(
    (best, record) => (best === undefined || score(record) > score(best) ? record : best),
    undefined,
  );
}

/**
 * The last epoch that was the best so far, by its score or by its validation loss. Where objects are small the Dice stays
 * 0 for a while, as no probability has reached 0.5 yet, though the loss falls epoch by epoch: that is progress too.
 */
export function lastProgress({ history, best }: TrainingState): number {
  let lowest = Infinity;
  let epoch = best?.epoch ?? 0;
  for (const record of history) {
    if ((record.valLoss ?? Infinity) >= lowest) continue;
    lowest = record.valLoss as number;
    epoch = Math.max(epoch, record.epoch);
  }
  return epoch;
}
