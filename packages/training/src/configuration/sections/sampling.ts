import type { OpenSlicesOptions } from '@interseg/data';
import { z } from 'zod';
import { option } from '../option.ts';

const schema = z.strictObject({
  backgroundSlices: option(z.number().min(0).default(0.1), 'slices without foreground per slice with foreground'),
  foregroundOversampling: option(
    z.number().min(1).max(100).default(1),
    'how often a slice with foreground is shown per epoch',
  ),
});

/** Which slices an epoch shows. */
export const samplingSection = {
  title: 'Sampling',
  schema,
  derive: (values: z.output<typeof schema>): Pick<OpenSlicesOptions, keyof typeof values> => values,
};
