import { generatePhantoms } from '@interseg/data';
import type { Command } from 'commander';
import { z } from 'zod';
import { describeOptions } from '../options/option-schema.ts';
import { readFlags } from '../options/read-options.ts';
import { addSchemaFlags, givenFlags } from '../options/schema-flags.ts';
import { printResult, type Context } from '../terminal/context.ts';
import { addOutputOptions, createCommand } from './common-options.ts';

const extent = z.int().min(4);
const length = z.number().positive();

/** The options of `generatePhantoms`; its defaults are repeated here for the help. */
const phantomConfiguration = z.strictObject({
  layout: z
    .enum(['msd', 'brats'])
    .default('msd')
    .describe('layout of the folder; brats has its own channels and classes'),
  modality: z
    .enum(['mr', 'ct'])
    .default('mr')
    .describe('ct: Hounsfield units, with contrast and noise as fractions of 100 HU'),
  patients: z.int().min(1).default(10).describe('patients with labels'),
  unlabelled: z.int().min(0).default(0).describe('additional patients without labels'),
  shape: z
    .tuple([extent, extent, extent])
    .default([64, 64, 16])
    .describe('number of voxels along the left-right, back-front and foot-head axes'),
  spacing: z.tuple([length, length, length]).default([2.5, 2.5, 5]).describe('mm between voxels'),
  channels: z.array(z.string().min(1)).min(1).default(['T1']).describe('names of the channels; CT has one'),
  classes: z.array(z.string().min(1)).min(1).default(['lesion']).describe('names of the classes'),
  count: z
    .tuple([z.int().min(0), z.int().min(0)])
    .default([1, 3])
    .describe('fewest and most objects of each class per patient'),
  radius: z.tuple([length, length]).default([5, 12]).describe('radius of the smallest and the largest object, in mm'),
  contrast: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.3)
    .describe('contrast of objects, as a fraction of the intensity around them'),
  noise: z
    .number()
    .min(0)
    .lt(1)
    .default(0.05)
    .describe('standard deviation of noise, as a fraction of the brightest tissue'),
  biasField: z.number().min(0).max(2).default(0.2).describe('strength of the bias field, as an exponent'),
  distractors: z.int().min(0).default(6).describe('structures that look like objects but have no class, per patient'),
  distractorShapes: z
    .array(z.enum(['rod', 'vessel', 'disc']))
    .min(1)
    .default(['rod'])
    .describe('shapes that they have in turn: rod, vessel (a tube through all slices), disc (in one slice alone)'),
  erodedMasks: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('fraction of the patients whose objects are labelled too small'),
  erosion: z.number().positive().default(2).describe('how much too small, in mm at each border'),
  forgottenObjects: z.number().min(0).max(1).default(0).describe('fraction of the patients with an unlabelled object'),
  append: z
    .boolean()
    .default(false)
    .describe('add the patients to the phantoms in the folder, for one data set of several kinds of patients'),
  seed: z.int().min(0).default(0).describe('seed of every random choice'),
});

const options = describeOptions(phantomConfiguration);

/** `interseg data phantom` */
export function dataPhantomCommand(context: Context): Command {
  const command = createCommand('phantom', [
    'data phantom --out phantoms --patients 20',
    'data phantom --out phantoms --shape 96,96,24 --classes tumour,cyst --channels T1,FLAIR',
    'data phantom --out phantoms --append --patients 40 --noise 0.1 --contrast 0.25',
  ]);
  command.requiredOption('--out <folder>', 'folder of the data set: new or empty, unless --append is given');
  addOutputOptions(addSchemaFlags(command, options));
  return command.action(async ({ out, json }: { out: string; json?: boolean }) => {
    const values = givenFlags(command, options);
    const {
      count,
      radius,
      channels: named,
      classes: labelled,
      ...others
    } = readFlags(command, phantomConfiguration, options);
    // BraTS has its own channels and classes, and CT its own channel, so the defaults of this schema do not apply.
    const own =
      others.layout === 'brats' || others.modality === 'ct'
        ? givenOnly(values)
        : { channels: named, classes: labelled };
    const dataset = await generatePhantoms(out, { ...others, ...own, objects: { count, radius } });
    const { name, channels, classes, cases, unlabelled } = dataset;
    const document = {
      folder: out,
      name,
      channels,
      classes: classes.map((one) => one.name),
      cases: cases.map(({ id }) => id),
      unlabelled: unlabelled.map(({ id }) => id),
    };
    printResult(
      context,
      json,
      document,
      () => `${out}: ${cases.length} cases with labels, ${unlabelled.length} without\n`,
    );
  });
}

function givenOnly({ channels, classes }: Record<string, unknown>): { channels?: string[]; classes?: string[] } {
  return {
    ...(channels === undefined ? {} : { channels: channels as string[] }),
    ...(classes === undefined ? {} : { classes: classes as string[] }),
  };
}
