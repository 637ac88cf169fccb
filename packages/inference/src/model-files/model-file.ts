import { completeSliceSettings, type SliceSettings } from '@interseg/data';
import { z } from 'zod';
import { checkPostProcessing } from '../predict/post-processing.ts';
import type { ModelDescription } from './model-description.ts';

/** The one file of weights, beside `model.json`. */
export const weightsName = 'weights.bin';
/** The most bytes that `model.json` may have; that of a U-Net++ has a hundredth. */
export const largestModelFile = 32 * 2 ** 20;

const extent = z.int().min(1);
const number = z.number();
const name = z.string().min(1);

const weight = z.strictObject({
  name,
  shape: z.array(extent).max(6),
  dtype: z.literal('float32'),
});

const classPostProcessing = z.looseObject({
  threshold: number.gt(0).lt(1),
  smallestObject: number.min(0),
  largestComponent: z.boolean(),
});

const description = z.looseObject({
  variant: name,
  plugins: z.array(name).optional(),
  channels: z.array(name).min(1),
  modality: z.enum(['mr', 'ct']),
  classes: z.array(z.looseObject({ name, values: z.array(z.int()).min(1) })).min(1),
  outputActivation: z.enum(['sigmoid', 'softmax']).optional(),
  slices: z.looseObject({
    size: z.tuple([extent, extent]),
    plane: name.optional(),
    normalization: z
      .looseObject({
        kind: name,
        lower: number.optional(),
        upper: number.optional(),
        level: number.optional(),
        width: number.optional(),
      })
      .optional(),
    resizing: name.optional(),
    spacing: number.optional(),
    context: number.optional(),
    contextSpacing: number.optional(),
  }),
  postProcessing: z.array(classPostProcessing).optional(),
});

/** What must hold of `model.json` before anything is made of it. */
export const modelFile = z.looseObject({
  modelTopology: z.looseObject({}),
  weightsManifest: z.tuple([z.strictObject({ paths: z.tuple([z.literal(weightsName)]), weights: z.array(weight) })]),
  userDefinedMetadata: z.looseObject({ interseg: description }),
});

/** @throws OptionError when a setting of the slices or the post-processing is out of range */
export function checkedDescription({ userDefinedMetadata }: z.output<typeof modelFile>): ModelDescription {
  const { interseg } = userDefinedMetadata;
  completeSliceSettings(interseg.slices as SliceSettings, interseg.modality);
  if (interseg.postProcessing) checkPostProcessing(interseg.postProcessing, interseg.classes.length);
  return interseg as ModelDescription;
}
