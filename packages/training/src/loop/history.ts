import type { FeatureScales } from './feature-activation.ts';
import type { MissedClass } from './validate.ts';

/** One epoch, as a row of `history.csv`. A loss term that the variant lacks is `undefined` and an empty field. */
export interface EpochRecord {
  /** Counted from 1. */
  epoch: number;
  /** Steps since the start of training. */
  step: number;
  learningRate: number;
  /** Means over the epoch's samples. */
  trainLoss: number;
  lossImage: number;
  lossMask?: number;
  lossIntermediate?: number;
  lossReconstruction?: number;
  /** L_image on the validation slices; absent without validation cases. */
  valLoss?: number;
  /** Mean Dice over validation cases and classes, whole volumes on the network's grid; absent without any. */
  valDice?: number;
  /** Wall time of the epoch, validation included. */
  seconds: number;
  /** Norm of all gradients together, before clipping, mean over the samples; only where it is looked at. */
  gradientNorm?: number;
  /** Batches that were passed over as their loss was not finite; absent where there are none. */
  skipped?: number;
  /** How large the matched features are on the epoch's last batch: a row of `features.csv`. */
  scales?: FeatureScales;
  /** Levels whose features have shrunk to next to nothing: see `collapsedLevels`. Absent where there are none. */
  collapsed?: number[];
  /** Classes that validation cases contain and that are predicted nowhere in them; absent where there are none. */
  missed?: MissedClass[];
}

const columns: readonly [header: string, field: keyof EpochRecord][] = [
  ['epoch', 'epoch'],
  ['step', 'step'],
  ['learning_rate', 'learningRate'],
  ['train_loss', 'trainLoss'],
  ['loss_image', 'lossImage'],
  ['loss_mask', 'lossMask'],
  ['loss_intermediate', 'lossIntermediate'],
  ['loss_reconstruction', 'lossReconstruction'],
  ['val_loss', 'valLoss'],
  ['val_dice', 'valDice'],
  ['seconds', 'seconds'],
];

/** `history.csv` as text, with its header. */
export function historyCsv(history: readonly EpochRecord[]): string {
  const rows = history.map((record) => columns.map(([, field]) => String(record[field] ?? '')).join(','));
  return [columns.map(([header]) => header).join(','), ...rows].join('\n') + '\n';
}

/** Reads what {@link historyCsv} wrote. */
export function parseHistoryCsv(text: string): EpochRecord[] {
  const [header = '', ...rows] = text.trimEnd().split('\n');
  const fields = header.split(',').map((name) => columns.find(([column]) => column === name)?.[1]);
  return rows.map((row) => {
    const values = row.split(',').map((value, index) => [fields[index], value === '' ? undefined : Number(value)]);
    return Object.fromEntries(values.filter(([field]) => field !== undefined)) as unknown as EpochRecord;
  });
}
