import { z } from 'zod';
import { pretrainings } from '../../loop/pretrain.ts';
import type { UnlabelledOptions } from '../../loop/unlabelled.ts';
import { option } from '../option.ts';
import { weight } from './values.ts';

const schema = z.strictObject({
  unlabelled: option(
    z.union([z.int().min(0), z.enum(['all'])]).default(0),
    'cases without labels that are trained on as well, drawn by the seed; none by default',
  ),
  unlabelledRatio: option(
    weight.default(1),
    'slices without labels in a step for each slice with; 0: none beside them, only in pretraining',
  ),
  consistency: option(
    weight.default(0),
    'weight of the difference from a mean teacher on slices without labels; the teacher is what average-weights keeps',
  ),
  consistencyRampUp: option(
    weight.default(10),
    'epochs, or a part of one, in which the weight of the consistency rises from next to 0',
  ),
  consistencyConfidence: option(
    z.number().min(0.5).max(1).default(0.5),
    'how sure the teacher must be of a pixel for it to count; 0.5: every pixel counts',
  ),
  pretrain: option(
    z.enum(pretrainings).default('none'),
    'what is learned before the segmentation; reconstruction: the tied-weight auto-encoder alone, from all images (tw, twi, twae)',
  ),
});

/** What is learned from images without labels, beside and before the segmentation. */
export const unlabelledSection = { title: 'Images without labels', schema, derive };

function derive(values: z.output<typeof schema>): UnlabelledOptions {
  return {
    ratio: values.unlabelledRatio,
    consistency: values.consistency,
    rampUpEpochs: values.consistencyRampUp,
    confidence: values.consistencyConfidence,
  };
}
