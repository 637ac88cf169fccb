import type { FeatureScales } from './feature-activation.ts';
import type { MissedClass } from './validate.ts';

/** One epoch: a row of `history.csv`. A loss term that the variant lacks is `undefined`, and an empty field there. */
export interface EpochRecord {
  /** Counted from 1. */
  epoch: number;
  /** Steps since the start of training. */
  step: number;
  /** That of the epoch's last step. */
  learningRate: number;
  /** The whole loss, as all losses below the mean over the epoch's samples. */
  trainLoss: number;
  /** L_image, equation 1, before its weight; so are the other terms. */
  lossImage: number;
  /** The mean of equation 1 over the lower resolutions; absent without deep supervision. */
  lossDeepSupervision?: number;
  /** L_mask, equation 2. */
  lossMask?: number;
  /** Σ_j ω_j·L_j, equation 3. */
  lossIntermediate?: number;
  /** L_t, equation 5. */
  lossReconstruction?: number;
  /** L_t on the slices without masks alone; absent without any. */
  lossReconstructionUnlabelled?: number;
  /** The difference from the teacher on the slices without masks; absent without a teacher. */
  lossConsistency?: number;
  /** L_image on the validation slices, computed as in training: see `ValidationResult`. Absent without validation. */
  valLoss?: number;
  /** Mean Dice over validation cases and classes, of whole volumes on the network's grid. Absent without any. */
  valDice?: number;
  /**
   * The smoothed score, by which the best epoch is chosen where `scoreSmoothing` is above 0: of the validation Dice, or of the
   * negative training loss without one.
   */
  smoothedScore?: number;
  /** Seconds of wall time, validation included. */
  seconds: number;
  /** The norm of all gradients together, before clipping: the mean over the samples. */
  gradientNorm?: number;
  /** How many batches were skipped because their loss or gradients were not finite; absent for none. */
  skipped?: number;
  /** Mean absolute activations of the matched features on the epoch's last batch: a row of `features.csv`. */
  scales?: FeatureScales;
  /** Levels whose features have collapsed: see `collapsedLevels`. Absent for none. */
  collapsed?: number[];
  /** Classes that validation cases contain but that are never predicted in them; absent for none. */
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

/** Columns that stand at the end, and only where a run has them. */
const furtherColumns: typeof columns = [
  ['loss_deep_supervision', 'lossDeepSupervision'],
  ['smoothed_score', 'smoothedScore'],
  ['loss_reconstruction_unlabelled', 'lossReconstructionUnlabelled'],
  ['loss_consistency', 'lossConsistency'],
];

/** `history.csv` as text, with its header. */
export function historyCsv(history: readonly EpochRecord[]): string {
  const further = furtherColumns.filter(([, field]) => history.some((record) => record[field] !== undefined));
  const all = [...columns, ...further];
  const rows = history.map((record) => all.map(([, field]) => String(record[field] ?? '')).join(','));
  return [all.map(([header]) => header).join(','), ...rows].join('\n') + '\n';
}

/** Reads what {@link historyCsv} wrote. */
export function parseHistoryCsv(text: string): EpochRecord[] {
  const [header = '', ...rows] = text.trimEnd().split('\n');
  const known = [...columns, ...furtherColumns];
  const fields = header.split(',').map((name) => known.find(([column]) => column === name)?.[1]);
  return rows.map((row) => {
    const values = row.split(',').map((value, index) => [fields[index], value === '' ? undefined : Number(value)]);
    return Object.fromEntries(values.filter(([field]) => field !== undefined)) as unknown as EpochRecord;
  });
}
