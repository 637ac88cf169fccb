import type * as tf from '@tensorflow/tfjs-core';
import { bceDiceLoss, type BceDiceLossOptions } from './bce-dice-loss.ts';

/** Labels and predictions, both `[N, H, W, K]`. */
export interface SegmentationPair {
  /** The ground-truth mask m, in [0, 1]. */
  labels: tf.Tensor;
  /** y for the image path, y' for the mask path: probabilities, or logits with `fromLogits`. */
  predictions: tf.Tensor;
}

/**
 * A loss in the place of BCE-Dice in equations 1 and 2.
 *
 * @param labels m, `[N, H, W, K]`, in [0, 1]; needs no gradient
 * @param predictions of the same shape: logits with `fromLogits`, otherwise probabilities
 * @returns a scalar, smallest where predictions and labels agree
 */
export type SegmentationLossFunction = (
  labels: tf.Tensor,
  predictions: tf.Tensor,
  options: BceDiceLossOptions,
) => tf.Scalar;

/** How L_image and L_mask are computed: the options of BCE-Dice, or a loss in its place. */
export interface SegmentationTermOptions extends BceDiceLossOptions {
  /** The loss of L_image and L_mask. Defaults to {@link bceDiceLoss}. */
  segmentationLoss?: SegmentationLossFunction;
}

/**
 * L_image or L_mask, equations 1 and 2: BCE-Dice, or the `segmentationLoss` in its place, with the same options. What
 * `hybridLoss` trains on and what validation reports are both this function.
 *
 * @returns A scalar.
 * @throws OptionError as `bceDiceLoss` does, or whatever the `segmentationLoss` throws.
 */
export function segmentationTerm(
  { labels, predictions }: SegmentationPair,
  { segmentationLoss = bceDiceLoss, ...options }: SegmentationTermOptions = {},
): tf.Scalar {
  return segmentationLoss(labels, predictions, options);
}
