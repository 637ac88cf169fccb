import { completeSliceSettings, type SliceSettings } from '@interseg/data';
import { DataError } from '@interseg/errors';
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
  segments: z.array(z.looseObject({})).optional(),
});

/** What must hold of `model.json` before anything is made of it. */
export const modelFile = z.looseObject({
  modelTopology: z.looseObject({}),
  weightsManifest: z.tuple([z.strictObject({ paths: z.tuple([z.literal(weightsName)]), weights: z.array(weight) })]),
  userDefinedMetadata: z.looseObject({ interseg: description }),
});

/**
 * Checks a description that came from a file.
 *
 * @param value what the file holds, of the form of {@link ModelDescription}
 * @param name what errors call the file
 * @throws DataError when a part is missing, of another form or out of range
 */
export function parseDescription(value: unknown, name: string): ModelDescription {
  const { data, error } = description.safeParse(value);
  if (!data) {
    throw new DataError(`${name}: found ${issueOf(error, 'no description')}, expected the description of a model.`);
  }
  return checkedDescription(data, name);
}

/** @throws DataError when a setting of the slices or the post-processing is out of range */
export function checkedDescription(content: z.output<typeof description>, name: string): ModelDescription {
  try {
    completeSliceSettings(content.slices as SliceSettings, content.modality);
    if (content.postProcessing) checkPostProcessing(content.postProcessing, content.classes.length);
    return content as ModelDescription;
  } catch (error) {
    throw new DataError(`${name}: found settings out of range (${reasonOf(error)}), expected those of a model.`, {
      cause: error,
    });
  }
}

/** The first thing that is not as in a model, as a part of a sentence. @param whole what the whole is called */
export function issueOf({ issues: [issue] }: z.ZodError, whole: string): string {
  return `${issue?.path.join('.') || whole} that is not as in a model (${reasonOf(issue)})`;
}

/** What an error says, without its full stop, as a part of a sentence; it may quote the file, which may hold anything. */
export function reasonOf(error: unknown): string {
  const { message } = error as { message: string };
  const [first = ''] = message.split(/[.:]?\n|\. |\.$/);
  return first.length > 200 ? `${first.slice(0, 200)}…` : first;
}
