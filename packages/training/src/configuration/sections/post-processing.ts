import { z } from 'zod';
import { option } from '../option.ts';

const schema = z.strictObject({
  postProcessing: option(
    z.enum(['none', 'validation']).default('none'),
    'whether to choose a threshold, the smallest object and the largest component for each class on the validation cases, and store them with the model',
    { resumable: true },
  ),
});

/** What becomes of the probabilities of the trained network. */
export const postProcessingSection = { title: 'Post-processing', schema };
