import { compare, type Comparison } from './internal/comparison.ts';
import type { EmptyOptions, Mask } from './mask.ts';

/**
 * Dice coefficient, 2·TP / (2·TP + FP + FN); in [0, 1], 1 is best. The same as the F1 score over voxels.
 *
 * Both masks empty: `emptyValue` (`NaN` by default). One empty: 0.
 *
 * @throws OptionError if shapes or spacings differ, `data` does not fit `shape`, or a voxel is NaN.
 */
export function dice(prediction: Mask, reference: Mask, options: EmptyOptions = {}): number {
  return diceFromCounts(compare(prediction, reference), options);
}

/**
 * Jaccard index (intersection over union), TP / (TP + FP + FN); in [0, 1], 1 is best.
 *
 * Both masks empty: `emptyValue` (`NaN` by default). One empty: 0.
 *
 * @throws OptionError as `dice` does.
 */
export function jaccard(prediction: Mask, reference: Mask, options: EmptyOptions = {}): number {
  return jaccardFromCounts(compare(prediction, reference), options);
}

/**
 * Sensitivity (recall, true positive rate), TP / (TP + FN); in [0, 1], 1 is best.
 *
 * Both masks empty: `emptyValue` (`NaN` by default). Only the reference empty: `NaN`, as there was nothing to find.
 *
 * @throws OptionError as `dice` does.
 */
export function sensitivity(prediction: Mask, reference: Mask, options: EmptyOptions = {}): number {
  return sensitivityFromCounts(compare(prediction, reference), options);
}

/**
 * Precision (positive predictive value), TP / (TP + FP); in [0, 1], 1 is best.
 *
 * Both masks empty: `emptyValue` (`NaN` by default). Only the prediction empty: `NaN`, as nothing was claimed.
 *
 * @throws OptionError as `dice` does.
 */
export function precision(prediction: Mask, reference: Mask, options: EmptyOptions = {}): number {
  return precisionFromCounts(compare(prediction, reference), options);
}

/**
 * Specificity (true negative rate), TN / (TN + FP); in [0, 1], 1 is best. It depends on how much background the image
 * shows: compare it between images of the same field of view only.
 *
 * Empty masks are no exception, as only the background counts. `NaN` if the reference has no background.
 *
 * @throws OptionError as `dice` does.
 */
export function specificity(prediction: Mask, reference: Mask): number {
  return specificityFromCounts(compare(prediction, reference));
}

type Counts = Pick<Comparison, 'truePositives' | 'falsePositives' | 'falseNegatives' | 'trueNegatives'>;

/** Computes {@link dice} from counts. */
export function diceFromCounts(counts: Counts, { emptyValue = NaN }: EmptyOptions): number {
  const { truePositives, falsePositives, falseNegatives } = counts;
  return areEmpty(counts) ? emptyValue : (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives);
}

/** Computes {@link jaccard} from counts. */
export function jaccardFromCounts(counts: Counts, { emptyValue = NaN }: EmptyOptions): number {
  const { truePositives, falsePositives, falseNegatives } = counts;
  return areEmpty(counts) ? emptyValue : truePositives / (truePositives + falsePositives + falseNegatives);
}

/** Computes {@link sensitivity} from counts. */
export function sensitivityFromCounts(counts: Counts, { emptyValue = NaN }: EmptyOptions): number {
  return areEmpty(counts) ? emptyValue : counts.truePositives / (counts.truePositives + counts.falseNegatives);
}

/** Computes {@link precision} from counts. */
export function precisionFromCounts(counts: Counts, { emptyValue = NaN }: EmptyOptions): number {
  return areEmpty(counts) ? emptyValue : counts.truePositives / (counts.truePositives + counts.falsePositives);
}

/** Computes {@link specificity} from counts. */
export function specificityFromCounts(counts: Counts): number {
  return counts.trueNegatives / (counts.trueNegatives + counts.falsePositives);
}

function areEmpty({ truePositives, falsePositives, falseNegatives }: Counts): boolean {
  return truePositives + falsePositives + falseNegatives === 0;
}
