import type { SplitOptions } from '@interseg/data';
import { z } from 'zod';
import { option } from '../option.ts';

/** The names of the presets, whose settings are in `presets`. */
export const presetNames = ['paper', 'small-objects', 'heart', 'spleen', 'brats2019'] as const;
/** One of {@link presetNames}. */
export type PresetName = (typeof presetNames)[number];

/** Options that all entries of a comparison share, or its networks would solve different tasks. */
const shared = { variesInComparison: false };

const schema = z.strictObject({
  preset: option(z.enum(presetNames).optional(), 'settings to start from; other options take precedence', shared),
  data: option(z.string().min(1), 'folder of the data set: MSD, BraTS 2019, or images and labels', {
    ...shared,
    path: 'file',
    resumable: true,
    changesLook: true,
  }),
  classes: option(
    z.array(z.string().min(1)).min(1).optional(),
    'names of the classes to segment; the others become background; defaults to all',
    { ...shared, changesLook: true },
  ),
  split: option(
    z.string().min(1).optional(),
    'file with the cases of each part (split.json); defaults to a split drawn by patient',
    { ...shared, path: 'file' },
  ),
  fractions: option(
    z.tuple([z.number().min(0), z.number().min(0), z.number().min(0)]).default([0.7, 0.1, 0.2]),
    'parts of the patients for training, validation and test',
    shared,
  ),
  labelled: option(
    z.union([z.int().min(1), z.enum(['all'])]).default('all'),
    'patients to train on with their labels, drawn by the seed; the others for training count as unlabelled',
  ),
});

/** Which images are trained on, and how they are split. */
export const dataSection = {
  title: 'Data',
  schema,
  derive: ({ fractions }: z.output<typeof schema>, seed: number): SplitOptions => ({ fractions, seed }),
};
