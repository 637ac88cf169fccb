import { z } from 'zod';
import type { FitOptions } from '../../loop/fit-options.ts';
import { maskPathTrainings } from '../../loop/mask-path.ts';
import { onNanChoices } from '../../loop/non-finite.ts';
import { scheduleNames } from '../../loop/schedules.ts';
import { optimizerNames } from '../../optimizer/create-optimizer.ts';
import { option } from '../option.ts';
import { count, weight } from './values.ts';

const resumable = { resumable: true };

const schema = z.strictObject({
  seed: option(z.int().min(0).default(1), 'decides initial weights, the order of slices and the drawn split', {
    variesInComparison: false,
    changesLook: true,
  }),
  epochs: option(count.default(100), 'epochs at most', resumable),
  batch: option(count.default(8), 'slices per step'),
  optimizer: option(
    z.enum(optimizerNames).default('adam'),
    'optimiser: adam, adamw (Adam with weight decay), or sgd (with Nesterov momentum, as nnU-Net)',
  ),
  momentum: option(z.number().min(0).lt(1).optional(), 'momentum of sgd; defaults to 0.99'),
  weightDecay: option(
    weight.optional(),
    'how fast adamw and sgd shrink the kernels of convolutions; defaults to 0.01 and 3e-5',
  ),
  averageWeights: option(
    z.number().min(0).lt(1).default(0),
    'decay of the moving average of all weights that is validated and becomes the model, such as 0.999; 0: no average',
  ),
  learningRate: option(
    z.number().positive().optional(),
    'learning rate of the first epoch after the warm-up; defaults to 2e-3, with sgd to 0.01; the paper has 3e-4',
  ),
  schedule: option(
    z.enum(scheduleNames).default('step'),
    'how the learning rate falls: in steps; from step to step to 0 in the last epoch (polynomial with exponent 0.9 as nnU-Net, or cosine); or not at all',
  ),
  learningRateDecay: option(
    z.number().positive().max(1).optional(),
    'factor of each decay, with schedule step; defaults to 0.9',
  ),
  decayEvery: option(count.optional(), 'epochs between decays, with schedule step; defaults to 3'),
  warmUpEpochs: option(weight.default(0), 'epochs, or a part of one, in which the learning rate rises from next to 0'),
  lambdaWarmUp: option(z.int().min(0).default(0), 'epochs over which lambda rises from 0; 0: the whole lambda at once'),
  maskPath: option(
    z.enum(maskPathTrainings).default('joint'),
    'whether to train the mask path with the network, or before it and then freeze it (ae, sae, twae)',
  ),
  pretrainEpochs: option(
    count.default(10),
    'epochs of what comes before the network: of the mask path with mask-path pretrained, of the reconstruction with pretrain',
  ),
  patience: option(
    z.int().min(0).optional(),
    'epochs without a better Dice or a lower loss in validation before training stops; 0 never stops; defaults to 20, with polynomial and cosine to 0',
    resumable,
  ),
  scoreSmoothing: option(
    z.number().min(0).lt(1).default(0),
    'weight of earlier epochs in the score that picks the best epoch and ends patience; 0: each epoch alone; 0.9 as nnU-Net',
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
