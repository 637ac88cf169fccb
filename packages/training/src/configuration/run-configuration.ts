import { augmentationLimits, augmentationNames, type Augmentation } from '@interseg/data';
import { maskInputs, normalizations, upSamplings } from '@interseg/models';
import { z } from 'zod';
import { defaultSchedule } from '../loop/schedules.ts';
import { maskPathTrainings } from '../loop/mask-path.ts';
import { onNanChoices } from '../loop/non-finite.ts';

/** The names of the presets, whose settings are in `presets`. */
export const presetNames = ['paper', 'small-objects', 'heart', 'spleen', 'brats2019'] as const;
/** One of {@link presetNames}. */
export type PresetName = (typeof presetNames)[number];

const count = z.int().min(1);
const weight = z.number().min(0);
const strength = (of: keyof Augmentation) => z.number().min(0).max(augmentationLimits[of]).optional();

/**
 * Everything that decides a run, flat, as it stands in a configuration file and in `config.json`. Every field but
 * `data` has a default. Flags of the command line are these names in kebab case.
 */
export const runConfiguration = z.strictObject({
  preset: z.enum(presetNames).optional().describe('settings to start from; other options win over it'),
  data: z.string().min(1).describe('folder of the data set: MSD, BraTS 2019, or images and labels'),
  classes: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('names of the classes to segment, the others become background; all without it'),
  split: z
    .string()
    .min(1)
    .optional()
    .describe('file with the cases of each part (split.json); drawn by patient without it'),
  fractions: z
    .tuple([z.number().min(0), z.number().min(0), z.number().min(0)])
    .default([0.7, 0.1, 0.2])
    .describe('parts of the patients for training, validation and test'),
  engine: z.enum(['auto', 'native', 'webgpu', 'wasm', 'cpu']).default('auto').describe('what computes'),
  threads: count.optional().describe('threads of the engine; as many as there are cores without it'),
  seed: z.int().min(0).default(1).describe('decides initial weights, order of slices and the drawn split'),

  plugins: z.array(z.string().min(1)).default([]).meta({
    description: 'package, folder or module that brings variants or losses; may be given several times',
    flag: 'plugin',
    repeatable: true,
  }),
  variant: z.string().default('twi-unet').describe('network and mechanism: see `interseg variants`'),
  filters: z.array(count).min(2).default([16, 32, 64, 128, 256]).describe('channels per level, the finest first'),
  normalization: z.enum(normalizations).default('instance').describe('normalisation inside the network'),
  groups: count.optional().describe('groups, with normalization group'),
  upSampling: z.enum(upSamplings).default('transpose').describe('how the decoder doubles height and width'),
  maskInput: z.enum(maskInputs).default('tile').describe("how a mask enters the image's encoder"),

  maskPath: z
    .enum(maskPathTrainings)
    .default('joint')
    .describe('whether the mask path learns with the network, or before it and is then frozen (ae, sae, twae)'),
  pretrainEpochs: count.default(10).describe('epochs of the mask path alone, with mask-path pretrained'),

  size: z
    .union([count.transform((n): [number, number] => [n, n]), z.tuple([count, count])])
    .default([96, 96])
    .describe('height and width of the slices that the network sees'),
  plane: z.enum(['axial', 'coronal', 'sagittal']).default('axial').describe('plane of the slices'),
  spacing: z
    .number()
    .positive()
    .optional()
    .describe('mm between pixels that slices are resampled to; as in the file without it'),
  resizing: z
    .enum(['shrink', 'fit', 'crop'])
    .default('shrink')
    .describe('how slices are fitted to the size: larger ones shrunk; smaller ones enlarged too; larger ones cut'),
  intensity: z
    .enum(['auto', 'percentiles', 'zscore', 'window', 'none'])
    .default('auto')
    .describe('how intensities are normalised; auto: percentiles for MR, window for CT'),
  window: z.tuple([z.number(), z.number().positive()]).optional().describe('level and width of the CT window, in HU'),
  backgroundSlices: z.number().min(0).default(0.1).describe('slices without foreground per slice with foreground'),
  foregroundOversampling: z
    .number()
    .min(1)
    .max(100)
    .default(1)
    .describe('how often a slice with foreground is shown per epoch'),
  augmentation: z
    .enum(augmentationNames)
    .default('none')
    .describe('how training slices are changed at random; single strengths below replace those of the preset'),
  augmentFlipHorizontal: strength('flipHorizontal').describe('probability of exchanging left and right'),
  augmentFlipVertical: strength('flipVertical').describe('probability of turning upside down'),
  augmentRotation: strength('rotation').describe('degrees, the largest turn either way'),
  augmentScaling: strength('scaling').describe('the largest enlargement, less 1; as much smaller too'),
  augmentElastic: strength('elastic').describe('the largest displacement, as a part of height and width'),
  augmentGamma: strength('gamma').describe('the largest exponent of intensities, less 1; as much below 1 too'),
  augmentBrightness: strength('brightness').describe('the largest change of the factor of intensities'),
  augmentNoise: strength('noise').describe('the largest deviation of noise, as a part of the range'),
  augmentBlur: strength('blur').describe('the largest deviation of a Gaussian blur, in pixels'),
  augmentProbability: strength('probability').describe('how probable each change is, flips apart'),
  cache: z
    .string()
    .min(1)
    .optional()
    .describe('folder that keeps prepared slices for later runs; they are not kept without it'),
  cacheLimit: z.number().positive().default(20).describe('GiB that the cache may take'),
  workers: z
    .int()
    .min(0)
    .max(64)
    .optional()
    .describe('threads that read and prepare cases; one per core but one, 4 at most, without it; 0: none'),
  memoryLimit: count.default(2048).describe('MiB of prepared slices kept in memory'),

  epochs: count.default(100).describe('epochs at most'),
  batch: count.default(8).describe('slices per step'),
  learningRate: z
    .number()
    .positive()
    .default(defaultSchedule.learningRate)
    .describe('of Adam, in the first epoch; the paper has 3e-4'),
  learningRateDecay: z
    .number()
    .positive()
    .max(1)
    .default(defaultSchedule.learningRateDecay)
    .describe('factor of each decay'),
  decayEvery: count.default(defaultSchedule.decayEvery).describe('epochs between decays'),
  maxMinutes: z
    .number()
    .positive()
    .optional()
    .describe('minutes that training may take, each time it is started; then the best epoch so far is used'),
  clipNorm: z.number().positive().optional().describe('largest norm of all gradients together; not limited without it'),
  onNan: z
    .enum(onNanChoices)
    .default('stop')
    .describe('what is done about a batch whose loss is not finite: stop, skip it, or also halve the learning rate'),
  patience: z
    .int()
    .min(0)
    .default(20)
    .describe('epochs without a better Dice or a lower loss in validation before training stops; 0 never stops'),

  loss: z.string().min(1).default('bce-dice').describe('loss of eq. 1 and 2: bce-dice, or one that a plugin brings'),
  alpha: weight.optional().describe('weight of L_image (eq. 4)'),
  gamma: weight.optional().describe('weight of L_mask (eq. 4)'),
  lambda: weight.optional().describe('weight of the intermediate losses (eq. 4)'),
  lambdaWarmUp: z.int().min(0).default(0).describe('epochs in which lambda rises from 0; 0: the whole lambda at once'),
  beta: weight.optional().describe('weight of the reconstruction loss (eq. 6)'),
  omega: z.array(weight).optional().describe('weight of each level of the intermediate loss, the bottleneck first'),
  targetGradient: z.enum(['flow', 'stop']).optional().describe("whether gradients flow into the mask's features"),
  levelWeighting: z.enum(['plain', 'scale-free']).optional().describe('how levels are weighed before omega'),
  bceWeight: weight.optional().describe('weight of BCE beside Dice in eq. 1 and 2; 1 without it'),
  smooth: z.number().positive().optional().describe("smoothing of Dice's fraction"),
  diceOver: z
    .enum(['sample', 'batch'])
    .optional()
    .describe('what the Dice of eq. 1 and 2 sums over: each slice, or the whole batch'),
});

/** A configuration as written: what is left out has its default. */
export type RunConfigurationInput = z.input<typeof runConfiguration>;
/** A configuration with every default filled in. */
export type RunConfiguration = z.output<typeof runConfiguration>;
