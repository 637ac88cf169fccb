import { compare, type Comparison } from './internal/comparison.ts';
import type { EmptyOptions, Mask } from './mask.ts';

/**
 * Dice coefficient, 2·TP / (2·TP + FP + FN); in [0, 1], 1 is best. The same as the F1 score over voxels.
 *
 * Both masks empty: `emptyValue` (default `NaN`). One empty: 0.
 *
 * @throws OptionError if shapes or spacings differ, `data` does not fit `shape`, or a voxel is NaN.
 */
export function dice(prediction: Mask, reference: Mask, options: EmptyOptions = {}): number {
  return diceOf(compare(prediction, reference), options);
}

/**
 * Jaccard index (intersection over union), TP / (TP + FP + FN); in [0, 1], 1 is best.
 *
 * Both masks empty: `emptyValue` (default `NaN`). One empty: 0.
 *
 * @throws OptionError as `dice` does.
 */
export function jaccard(prediction: Mask, reference: Mask, options: EmptyOptions = {}): number {
  return jaccardOf(compare(prediction, reference), options);
}

/**
 * Sensitivity (recall, true positive rate), TP / (TP + FN); in [0, 1], 1 is best.
 *
 * Both masks empty: `emptyValue` (default `NaN`). Only the reference empty: `NaN`, as there was nothing to find.
 *
 * @throws OptionError as `dice` does.
 */
export function sensitivity(prediction: Mask, reference: Mask, options: EmptyOptions = {}): number {
  return sensitivityOf(compare(prediction, reference), options);
}

/**
 * Precision (positive predictive value), TP / (TP + FP); in [0, 1], 1 is best.
 *
 * Both masks empty: `emptyValue` (default `NaN`). Only the prediction empty: `NaN`, as nothing was claimed.
 *
 * @throws OptionError as `dice` does.
 */
export function precision(prediction: Mask, reference: Mask, options: EmptyOptions = {}): number {
  return precisionOf(compare(prediction, reference), options);
}

/**
 * Specificity (true negative rate), TN / (TN + FP); in [0, 1], 1 is best. It depends on how much background the image
 * shows, so compare it only between images of the same field of view.
 *
 * Empty masks are no exception here: the background is what counts. `NaN` if the reference has no background.
 *
 * @throws OptionError as `dice` does.
 */
export function specificity(prediction: Mask, reference: Mask): number {
  return specificityOf(compare(prediction, reference));
}

type Counts = Pick<Comparison, 'truePositives' | 'falsePositives' | 'falseNegatives' | 'trueNegatives'>;

/** {@link dice} from counts. */
export function diceOf(counts: Counts, { emptyValue = NaN }: EmptyOptions): number {
  const { truePositives, falsePositives, falseNegatives } = counts;
  return areEmpty(counts) ? emptyValue : (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives);
}

/** {@link jaccard} from counts. */
export function jaccardOf(counts: Counts, { emptyValue = NaN }: EmptyOptions): number {
  const { truePositives, falsePositives, falseNegatives } = counts;
  return areEmpty(counts) ? emptyValue : truePositives / (truePositives + falsePositives + falseNegatives);
}

/** {@link sensitivity} from counts. */
export function sensitivityOf(counts: Counts, { emptyValue = NaN }: EmptyOptions): number {
  return areEmpty(counts) ? emptyValue : counts.truePositives / (counts.truePositives + counts.falseNegatives);
}

/** {@link precision} from counts. */
export function precisionOf(counts: Counts, { emptyValue = NaN }: EmptyOptions): number {
  return areEmpty(counts) ? emptyValue : counts.truePositives / (counts.truePositives + counts.falsePositives);
}

/** {@link specificity} from counts. */
export function specificityOf(counts: Counts): number {
  return counts.trueNegatives / (counts.trueNegatives + counts.falsePositives);
}

function areEmpty({ truePositives, falsePositives, falseNegatives }: Counts): boolean {
  return truePositives + falsePositives + falseNegatives === 0;
}
