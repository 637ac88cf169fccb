import { bceDiceLoss, type SegmentationLossFunction } from '@interseg/losses';
import { Registry } from './registry.ts';

/** A loss of a segmentation and its mask, in the place of BCE-Dice in equations 1 and 2. */
export interface SegmentationLoss {
  /** The name used everywhere, such as `bce-dice`. */
  readonly name: string;
  /** The name as it is written in text. */
  readonly title: string;
  /** One sentence for people who choose a loss, with its source. */
  readonly description: string;
  /**
   * Computes a scalar from labels and predictions, both `[N, H, W, K]`. In training the predictions are logits
   * (`fromLogits` is true), in validation they are probabilities; so they are in training, too, of a network with a softmax,
   * as a loss knows of no background. It may use only operations that have gradients on
   * every engine of TensorFlow.js.
   */
  readonly compute: SegmentationLossFunction;
}

const losses = new Registry<SegmentationLoss>('loss');

/**
 * Makes a loss known by its name, so that the option `loss` finds it. Defining it again changes nothing.
 *
 * @throws OptionError when another loss has its name, or the name is not of lower-case letters, digits and hyphens
 */
export function defineLoss(loss: SegmentationLoss): SegmentationLoss {
  return losses.define(loss);
}

/** All known losses, in the order of their definition. */
export function segmentationLosses(): readonly SegmentationLoss[] {
  return losses.list();
}

/** Finds a loss by its name. @throws OptionError with all known names when there is none of this name */
export function findLoss(name: string): SegmentationLoss {
  return losses.find(name);
}

/** The loss of the paper: binary cross-entropy plus soft Dice. */
export const bceDice: SegmentationLoss = defineLoss({
  name: 'bce-dice',
  title: 'BCE-Dice',
  description: 'Binary cross-entropy plus soft Dice (equations 1 and 2 of Yuan et al., arXiv 2012.03673).',
  compute: bceDiceLoss,
});
