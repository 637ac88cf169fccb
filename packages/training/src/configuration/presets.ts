import { z } from 'zod';
import { recipe } from '../plan/recipe.ts';
import { paperSchedule } from '../loop/schedules.ts';
import type { RunConfigurationInput } from './run-configuration.ts';
import { presetNames, type PresetName } from './sections/data.ts';
import { dependentDefaults, overrideOptions } from './dependent-defaults.ts';
import { pickOptions } from './option.ts';

/** What a plan chooses whatever the data are like. */
const planned = {
  variant: recipe.variant,
  precision: recipe.precision,
  backgroundSlices: recipe.backgroundSlices,
  deepSupervision: recipe.deepSupervision,
  augmentation: recipe.augmentation,
  diceOver: recipe.diceOver,
  clipNorm: recipe.clipNorm,
  schedule: recipe.schedule,
  epochs: recipe.epochs[0],
  // Less than one, so that a single epoch may be asked for.
  warmUpEpochs: recipe.warmUpEpochs / 2,
  scoreSmoothing: recipe.scoreSmoothing,
} as const;

/** Six levels, for 256 × 256 pixels. */
const sixLevels = [16, 32, 64, 128, 256, 256];

/**
 * Settings that belong together. The last three are what `interseg plan` chooses for the whole data set.
 *
 * - `paper`: what the public PyTorch U-Net and U-Net++ of the paper's time (4uiiurz1/pytorch-nested-unet) start from; nothing
 *   proves that the authors used it. With the learning rate that the paper does name.
 * - `small-objects`: what did best from this learning rate on new patients with small objects in `studies/recipe`.
 * - `heart`: MSD Task02, MR of 320 × 320 pixels of 1.25 mm, seen whole at 1.57 mm.
 * - `spleen`: MSD Task09, CT of 512 × 512 pixels of 0.61 to 0.98 mm, at 1.58 mm in patches of 256 × 256 pixels, in the window
 *   of soft tissue.
 * - `brats2019`: four MR sequences of 240 × 240 pixels of 1 mm, seen whole, and the three nested regions.
 */
export const presets: Readonly<Record<PresetName, Partial<RunConfigurationInput>>> = {
  paper: {
    filters: [32, 64, 128, 256, 512],
    normalization: 'batch',
    upSampling: 'bilinear',
    size: 96,
    bceWeight: 0.5,
    smooth: 1e-5,
    ...paperSchedule,
  },
  'small-objects': {
    variant: 'unetpp',
    normalization: 'instance',
    augmentation: 'light',
    learningRate: 0.002,
    decayEvery: 5,
  },
  heart: {
    ...planned,
    classes: ['left atrium'],
    plane: 'axial',
    spacing: 1.57,
    size: 256,
    intensity: 'percentiles',
    context: 2,
    filters: sixLevels,
    averageWeights: 0.995,
  },
  spleen: {
    ...planned,
    classes: ['spleen'],
    plane: 'axial',
    spacing: 1.58,
    size: 256,
    resizing: 'patch',
    intensity: 'window',
    window: [40, 400],
    context: 2,
    contextSpacing: 5,
    filters: sixLevels,
    averageWeights: 0.995,
    postProcessing: 'validation',
  },
  brats2019: {
    ...planned,
    classes: ['whole tumour', 'tumour core', 'enhancing tumour'],
    plane: 'axial',
    size: 256,
    intensity: 'percentiles',
    context: 2,
    filters: sixLevels,
    averageWeights: 0.999,
    postProcessing: 'validation',
  },
};

/** What is given, and what its preset says besides: what a plan leaves as it is. */
export function withPresetOptions(given: RunConfigurationInput): RunConfigurationInput {
  return { ...(given.preset && presets[given.preset]), ...given };
}

/**
 * A schema that first fills in what the named preset says and the values do not, then the defaults that depend on the
 * optimiser and the schedule. Options of the preset that the schema does not have are left out: the variants of a comparison are
 * its own.
 */
export function withPreset<Schema extends z.ZodObject>(schema: Schema) {
  const known = <Values extends object>(values: Values): Partial<Values> =>
    pickOptions(values, Object.keys(values).filter((name) => name in schema.shape) as (keyof Values)[]);
  return z.preprocess((values: unknown) => {
    if (typeof values !== 'object' || values === null || Array.isArray(values)) return values;
    const given: Partial<RunConfigurationInput> = values;
    // An unknown name is left to the schema.
    const preset = presetNames.find((one) => one === given.preset);
    const settings = overrideOptions(preset ? known(presets[preset]) : {}, given);
    return { ...known(dependentDefaults(settings)), ...settings };
  }, schema);
}
