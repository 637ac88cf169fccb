import type { OpenSlicesOptions } from '@interseg/data';
import { z } from 'zod';
import { option } from '../option.ts';

const schema = z.strictObject({
  backgroundSlices: option(
    z.number().min(0).default(0.1),
    'slices without foreground per slice with foreground, drawn anew for each epoch',
  ),
  foregroundOversampling: option(
    z.number().min(1).max(100).default(1),
    'how often a slice with foreground is shown per epoch',
  ),
  patchForeground: option(
    z.number().min(0).max(1).default(0.5),
    'part of the patches of slices with foreground that are centred on an object, each object alike; with resizing patch',
    { changesLook: true },
  ),
  patchesPerSlice: option(
    z.int().min(1).max(100).default(1),
    'patches of each slice that an epoch shows; with resizing patch',
  ),
});

/** Which slices, and which patches of them, an epoch shows. */
export const samplingSection = {
  title: 'Sampling',
  schema,
  derive: (values: z.output<typeof schema>): Pick<OpenSlicesOptions, keyof typeof values> => values,
};
