import * as tf from '@tensorflow/tfjs-core';
import type { PredictionOptions } from './binary-cross-entropy.ts';
import { checkPositive, checkSameShape, checkSpatial } from './internal/checks.ts';
import { differentiable } from './internal/differentiable.ts';
import { grouped, sigmoidSlope, softDice, softDiceGradient, type DiceOver } from './internal/soft-dice.ts';

/** Options of {@link diceLoss}. */
export interface DiceLossOptions extends PredictionOptions {
  /**
   * The constant s, in voxels, above 0. It makes an empty prediction for an empty mask perfect (loss 0), and softens
   * the loss of objects that are not much larger than s. Defaults to 1.
   */
  smooth?: number;
  /**
   * What the sums run over. `'sample'`: each sample by itself. `'batch'`: the whole batch, as in the batch Dice of
   * nnU-Net; samples without a class then do not pull its predictions to zero by themselves. Defaults to `'sample'`.
   */
  diceOver?: DiceOver;
}

/**
 * Soft Dice loss, 1 − (2Σpt + s) / (Σp + Σt + s), with the sums over the spatial axes of each sample and channel, then
 * the mean over samples and channels; in [0, 1].
 *
 * The Dice of equations 1 and 2 of Yuan et al., arXiv 2012.03673, in the form with plain sums in the denominator. A
 * sample with a large object cannot hide one with a small object, as each has sums of its own; with `diceOver: 'batch'`
 * it can.
 *
 * @param labels Targets t in [0, 1], `[N, H, W, C]` (`[N, D, H, W, C]` works too). A constant: no gradient flows in.
 * @param predictions Probabilities p in [0, 1] or logits, of the same shape.
 * @returns A scalar.
 * @throws OptionError if the shapes differ or have fewer than three axes, or if `smooth` is not above 0.
 */
export function diceLoss(
  labels: tf.Tensor,
  predictions: tf.Tensor,
  { smooth = 1, fromLogits = false, diceOver = 'sample' }: DiceLossOptions = {},
): tf.Scalar {
  checkSameShape('labels', labels, 'predictions', predictions);
  checkSpatial('labels', labels);
  checkPositive('smooth', smooth);
  return differentiable([predictions], () => {
    const targets = grouped(tf.cast(labels, 'float32'), diceOver);
    const probabilities = grouped(fromLogits ? tf.sigmoid(predictions) : predictions, diceOver);
    const { value, ratio, denominator } = softDice(targets, probabilities, smooth);
    return {
      value,
      saved: fromLogits ? [targets, ratio, denominator, probabilities] : [targets, ratio, denominator],
      gradients: (dy, [t, r, d, p]) => {
        const slope = softDiceGradient(t!, r!, d!, dy);
        return [tf.reshape(p ? tf.mul(slope, sigmoidSlope(p)) : slope, predictions.shape)];
      },
    };
  });
}
