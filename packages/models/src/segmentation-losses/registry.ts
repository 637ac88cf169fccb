import { OptionError } from '@interseg/errors';
import { bceDiceLoss } from '@interseg/losses';
import { checkName } from '../variants/check-name.ts';
import type { SegmentationLoss } from './segmentation-loss.ts';

const registered = new Map<string, SegmentationLoss>();

/**
 * Makes a loss known by its name, so that the option `loss` finds it. Doing it again changes nothing.
 *
 * @throws OptionError when the name is taken by another loss or is not made of lower-case letters, digits and hyphens
 */
export function defineLoss(loss: SegmentationLoss): SegmentationLoss {
  checkName('loss', loss.name);
  const known = registered.get(loss.name);
  if (known && known !== loss) throw new OptionError(`A loss named '${loss.name}' is defined already.`);
  registered.set(loss.name, loss);
  return loss;
}

/** All losses that are known, in the order of their definition. */
export function segmentationLosses(): readonly SegmentationLoss[] {
  return [...registered.values()];
}

/** @throws OptionError when no loss has this name, with the names that there are */
export function findLoss(name: string): SegmentationLoss {
  const loss = registered.get(name);
  if (!loss) throw new OptionError(`There is no loss '${name}'; there are: ${[...registered.keys()].join(', ')}.`);
  return loss;
}

/** The loss of the paper: binary cross-entropy plus soft Dice. */
export const bceDice: SegmentationLoss = defineLoss({
  name: 'bce-dice',
  title: 'BCE-Dice',
  description: 'Binary cross-entropy plus soft Dice (equations 1 and 2 of Yuan et al., arXiv 2012.03673).',
  compute: bceDiceLoss,
});
