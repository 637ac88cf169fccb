import { maskInputs, normalizations, outputActivations, upSamplings, type NetworkOptions } from '@interseg/models';
import { z } from 'zod';
import { option } from '../option.ts';
import { count } from './values.ts';

const schema = z.strictObject({
  plugins: option(
    z.array(z.string().min(1)).default([]),
    'package, folder or module that brings variants, losses or layouts; may be given several times',
    {
      path: 'module',
      variesInComparison: false,
      extendable: true,
      resumable: true,
      flag: 'plugin',
      repeatable: true,
      // A layout decides which images there are.
      changesLook: true,
    },
  ),
  variant: option(z.string().default('twi-unet'), 'network and mechanism; `interseg variants` lists them', {
    variesInComparison: false,
  }),
  filters: option(z.array(count).min(2).default([16, 32, 64, 128, 256]), 'channels per level, the finest first'),
  normalization: option(z.enum(normalizations).default('instance'), 'normalisation inside the network'),
  groups: option(count.optional(), 'groups, with normalization group'),
  upSampling: option(z.enum(upSamplings).default('transpose'), 'how the decoder doubles height and width'),
  maskInput: option(z.enum(maskInputs).default('tile'), "how a mask enters the image's encoder"),
  outputActivation: option(
    z.enum(outputActivations).default('sigmoid'),
    'how logits become probabilities; softmax: over background and classes, for classes that exclude each other',
  ),
  initialProbability: option(
    z.number().gt(0).lt(1).default(0.5),
    'probability of each class that training starts from; 0.01 for objects of less than a thousandth of the voxels',
  ),
  deepSupervision: option(
    z.boolean().default(false),
    'whether eq. 1 also applies to heads on the lower levels of the decoder, in training only',
  ),
  initialWeights: option(
    z.string().min(1).optional(),
    'run or model whose weights training starts from; layers of other shapes start at random, as all do by default',
    { variesInComparison: false, path: 'file' },
  ),
});

/** What a network must know of its task and of the run. */
export type NetworkContext = Pick<NetworkOptions, 'inputShape' | 'classes' | 'seed'>;

/** The network. */
export const networkSection = {
  title: 'Network',
  schema,
  derive: (
    { plugins: _plugins, initialWeights: _weights, ...network }: z.output<typeof schema>,
    context: NetworkContext,
  ): NetworkOptions => ({
    ...network,
    ...context,
  }),
};
