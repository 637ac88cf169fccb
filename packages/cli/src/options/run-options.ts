import { dirname } from 'node:path';
import { segmentationLosses, variants } from '@interseg/models';
import { loadPlugins, presetNames, presets, type RunConfiguration, runConfiguration } from '@interseg/training';
import type { Command } from 'commander';
import type { z } from 'zod';
import { UsageError } from '../errors/usage-error.ts';
import { checkValues } from './check-values.ts';
import { readConfigurationFile } from './configuration-file.ts';
import { nearestName } from './names.ts';
import { optionsOf, type OptionDescription } from './option-schema.ts';
import { addSchemaFlags, givenFlags } from './schema-flags.ts';

/** Every option of a run. */
export const runOptions = optionsOf(runConfiguration);

const data = 'Data:';
const network = 'Network:';
const slices = 'Slices:';
const augmenting = 'Augmentation (strengths left out: those of the preset):';
const training = 'Training:';
const loss = 'Loss (left out: the measured defaults of @interseg/losses):';
const computing = 'Computing:';

/** The heading of each option in help. */
export const runGroups: Record<keyof RunConfiguration, string> = {
  preset: data,
  data,
  classes: data,
  split: data,
  fractions: data,
  engine: computing,
  threads: computing,
  seed: computing,
  memoryLimit: computing,
  workers: computing,
  cache: computing,
  cacheLimit: computing,
  plugins: network,
  variant: network,
  filters: network,
  normalization: network,
  groups: network,
  upSampling: network,
  maskInput: network,
  maskPath: training,
  pretrainEpochs: training,
  size: slices,
  plane: slices,
  spacing: slices,
  resizing: slices,
  intensity: slices,
  window: slices,
  backgroundSlices: slices,
  foregroundOversampling: slices,
  augmentation: augmenting,
  augmentFlipHorizontal: augmenting,
  augmentFlipVertical: augmenting,
  augmentRotation: augmenting,
  augmentScaling: augmenting,
  augmentElastic: augmenting,
  augmentGamma: augmenting,
  augmentBrightness: augmenting,
  augmentNoise: augmenting,
  augmentBlur: augmenting,
  augmentProbability: augmenting,
  epochs: training,
  batch: training,
  learningRate: training,
  learningRateDecay: training,
  decayEvery: training,
  maxMinutes: training,
  clipNorm: training,
  onNan: training,
  patience: training,
  loss,
  alpha: loss,
  gamma: loss,
  lambda: loss,
  lambdaWarmUp: loss,
  beta: loss,
  omega: loss,
  targetGradient: loss,
  levelWeighting: loss,
  bceWeight: loss,
  smooth: loss,
  diceOver: loss,
};

/** Gives a command the flags of a run, or of some of its options. */
export function addRunFlags(command: Command, fields?: readonly (keyof RunConfiguration)[]): Command {
  const chosen = fields
    ? runOptions.filter(({ field }) => fields.includes(field as keyof RunConfiguration))
    : runOptions;
  return addSchemaFlags(command, chosen, fields ? {} : runGroups);
}

/** The configuration of a run from the command's flags and the file of `--config`; flags win. */
export async function runConfigurationOf(command: Command): Promise<RunConfiguration> {
  const { configuration, nameOf } = await readOptions(command, runConfiguration, runOptions);
  await loadPluginsOf(command, configuration.plugins);
  checkLoss(configuration.loss, nameOf('loss'));
  checkVariant(configuration.variant, nameOf('variant'));
  checkSize(configuration, nameOf('size'));
  return configuration;
}

/**
 * Values of a schema from the command's flags and the file of `--config`; flags win.
 *
 * @param ignored keys of the file that may stand there without being used
 * @returns also how to name an option in an error: as it was given
 */
export async function readOptions<Schema extends z.ZodObject>(
  command: Command,
  schema: Schema,
  options: readonly OptionDescription[],
  ignored: readonly OptionDescription[] = [],
): Promise<{ configuration: z.output<Schema>; nameOf: (field: string) => string }> {
  const { config } = command.opts<{ config?: string }>();
  const flags = givenFlags(command, options);
  const file = config === undefined ? {} : await readConfigurationFile(config, [...options, ...ignored]);
  for (const { field } of ignored) delete file[field];
  const nameOf = (field: string): string =>
    field in file && !(field in flags)
      ? `${config}: ${field}`
      : `--${options.find((one) => one.field === field)?.flag ?? field}`;
  return {
    configuration: checkValues(schema, options, {
      values: { ...presetOf({ ...file, ...flags }), ...file, ...flags },
      nameOf,
    }),
    nameOf,
  };
}

/** The settings of the preset that is named; an unknown name is left to the check that follows. */
function presetOf({ preset }: Record<string, unknown>): Record<string, unknown> {
  const known = presetNames.find((name) => name === preset);
  return known ? presets[known] : {};
}

/** The options among `fields` that a command was given, checked. */
export function checkedRunFlags<Field extends keyof RunConfiguration>(
  command: Command,
  fields: readonly Field[],
): Partial<Pick<RunConfiguration, Field>> {
  const chosen = runOptions.filter(({ field }) => (fields as readonly string[]).includes(field));
  const flags = givenFlags(command, chosen);
  const nameOf = (field: string): string => `--${chosen.find((one) => one.field === field)?.flag ?? field}`;
  const checked = checkValues(runConfiguration.partial(), runOptions, { values: flags, nameOf });
  const given = Object.keys(flags).map((field) => [field, checked[field as Field]]);
  return Object.fromEntries(given) as Partial<Pick<RunConfiguration, Field>>;
}

/** Loads plugins; packages are also looked up from the folder of the file of `--config`. */
export async function loadPluginsOf(command: Command, plugins: readonly string[]): Promise<void> {
  const { config } = command.opts<{ config?: string }>();
  await loadPlugins(plugins, config === undefined ? [] : [dirname(config)]);
}

/** @throws UsageError with the names that there are when there is no such loss */
export function checkLoss(loss: string, name: string): void {
  checkKnown(
    loss,
    segmentationLosses().map((one) => one.name),
    name,
  );
}

/** @throws UsageError with the nearest name when there is no such variant */
export function checkVariant(variant: string, name: string): void {
  checkKnown(
    variant,
    variants().map((one) => one.name),
    name,
  );
}

function checkKnown(value: string, names: readonly string[], name: string): void {
  if (names.includes(value)) return;
  const nearest = nearestName(value, names);
  const hint = nearest ? ` (did you mean ${nearest}?)` : '';
  throw new UsageError(`${name}: found '${value}', expected one of ${names.join(', ')}${hint}.`);
}

/** Before anything is written: a run that cannot start must not leave a folder that looks like a run. */
export function checkSize(
  { size: [height, width], filters, normalization }: Pick<RunConfiguration, 'size' | 'filters' | 'normalization'>,
  name: string,
): void {
  const multiple = 2 ** (filters.length - 1);
  if (height % multiple !== 0 || width % multiple !== 0) {
    throw new UsageError(
      `${name}: found ${height}x${width}, expected a height and width divisible by ${multiple} with ${filters.length} levels of filters.`,
    );
  }
  if (normalization === 'instance' && height === multiple && width === multiple) {
    throw new UsageError(
      `${name}: found ${height}x${width}, expected more than ${multiple}x${multiple}, which leaves one position at the bottleneck for instance normalisation.`,
    );
  }
}
