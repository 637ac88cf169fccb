import { z } from 'zod';
import type { FitOptions } from '../../loop/fit-options.ts';
import { defaultSchedule } from '../../loop/schedules.ts';
import { maskPathTrainings } from '../../loop/mask-path.ts';
import { onNanChoices } from '../../loop/non-finite.ts';
import { option } from '../option.ts';
import { count } from './values.ts';

const resumable = { resumable: true };

const schema = z.strictObject({
  seed: option(z.int().min(0).default(1), 'decides initial weights, the order of slices and the drawn split', {
    variesInComparison: false,
    changesLook: true,
  }),
  epochs: option(count.default(100), 'epochs at most', resumable),
  batch: option(count.default(8), 'slices per step'),
  learningRate: option(
    z.number().positive().default(defaultSchedule.learningRate),
    'learning rate of Adam in the first epoch; the paper has 3e-4',
  ),
  learningRateDecay: option(
    z.number().positive().max(1).default(defaultSchedule.learningRateDecay),
    'factor by which the learning rate decays',
  ),
  decayEvery: option(count.default(defaultSchedule.decayEvery), 'epochs between decays'),
  lambdaWarmUp: option(z.int().min(0).default(0), 'epochs over which lambda rises from 0; 0: the whole lambda at once'),
  maskPath: option(
    z.enum(maskPathTrainings).default('joint'),
    'whether to train the mask path with the network, or before it and then freeze it (ae, sae, twae)',
  ),
  pretrainEpochs: option(count.default(10), 'epochs of the mask path alone, with mask-path pretrained'),
  patience: option(
    z.int().min(0).default(20),
    'epochs without a better Dice or a lower loss in validation before training stops; 0 never stops',
    resumable,
  ),
  maxMinutes: option(
    z.number().positive().optional(),
    'minutes that training may take, each time it is started; then the best epoch so far is used',
    resumable,
  ),
  clipNorm: option(z.number().positive().optional(), 'largest norm of all gradients together; defaults to no limit'),
  onNan: option(
    z.enum(onNanChoices).default('stop'),
    'what to do about a batch whose loss is not finite: stop, skip it, or skip it and halve the learning rate',
    resumable,
  ),
});

/** How long and how fast is trained, and what guards it. */
export const fitSection = { title: 'Training', schema, derive };

/** The options of `fit` but for the loss. */
function derive({
  batch,
  maskPath: _maskPath,
  pretrainEpochs: _pretrainEpochs,
  maxMinutes: _maxMinutes,
  ...given
}: z.output<typeof schema>): FitOptions {
  return { ...given, batchSize: batch };
}
