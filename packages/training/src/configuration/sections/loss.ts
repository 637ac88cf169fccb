import { diceOvers, levelWeightings, targetGradients } from '@interseg/losses';
import { findLoss } from '@interseg/models';
import { z } from 'zod';
import type { LossOptions } from '../../loop/train-step.ts';
import { option } from '../option.ts';
import { weight } from './values.ts';

/** Named as in `HybridLossOptions` of `@interseg/losses`, to which they are passed on; undefined means the default there. */
const options = {
  alpha: option(weight.optional(), 'weight of L_image (eq. 4)'),
  gamma: option(weight.optional(), 'weight of L_mask (eq. 4)'),
  lambda: option(weight.optional(), 'weight of the intermediate losses (eq. 4)'),
  beta: option(weight.optional(), 'weight of the reconstruction loss (eq. 6)'),
  omega: option(z.array(weight).optional(), 'weight of each level of the intermediate loss, the bottleneck first'),
  targetGradient: option(z.enum(targetGradients).optional(), "whether gradients flow into the mask's features"),
  levelWeighting: option(z.enum(levelWeightings).optional(), 'how levels are weighed before omega'),
  bceWeight: option(weight.optional(), 'weight of (binary) cross-entropy beside Dice in eq. 1 and 2; defaults to 1'),
  positiveWeight: option(
    z.number().positive().optional(),
    'weight of foreground in the cross-entropy of eq. 1 and 2; above 1, misses cost more than false alarms; defaults to 1',
  ),
  smooth: option(z.number().positive().optional(), "smoothing of Dice's fraction"),
  diceOver: option(
    z.enum(diceOvers).optional(),
    'what the Dice of eq. 1 and 2 sums over: each slice, or the whole batch; defaults to sample',
  ),
};

const schema = z.strictObject({
  loss: option(
    z.string().min(1).default('bce-dice'),
    'loss of eq. 1 and 2: bce-dice (with softmax: cross-entropy and Dice), or one that a plugin brings',
  ),
  ...options,
});

/** The loss. */
export const lossSection = {
  title: 'Loss (defaults: the measured ones of @interseg/losses)',
  schema,
  derive: ({ loss, ...given }: z.output<typeof schema>): LossOptions => ({
    ...given,
    segmentationLoss: loss === 'bce-dice' ? undefined : findLoss(loss).compute,
  }),
};
