import {
  pickOptions,
  runConfiguration,
  runOptionsSchema,
  runSections,
  withAbsolutePaths,
  type RunConfiguration,
  type RunConfigurationInput,
} from '@interseg/training';
import type { Command } from 'commander';
import { checkLoss, checkSize, checkVariant } from './check-names.ts';
import { checkValues } from './check-values.ts';
import { describeOptions, nameByFlag } from './option-schema.ts';
import { loadNamedPlugins, readOptions } from './read-options.ts';
import { addSchemaFlags, givenFlags, type OptionGroups } from './schema-flags.ts';

/** Every option of a run. */
export const runOptions = describeOptions(runOptionsSchema);

/** The heading of each option in help. */
export const runGroups: OptionGroups = Object.fromEntries(
  runSections.flatMap(({ title, schema }) => Object.keys(schema.shape).map((field) => [field, `${title}:`])),
);

/** Gives a command the flags of a run, or of some of its options. */
export function addRunFlags(command: Command, fields?: readonly (keyof RunConfiguration)[]): Command {
  return addSchemaFlags(command, fields ? chooseOptions(fields) : runOptions, fields ? {} : runGroups);
}

/** Gives a command the flags of a run but for `--data`, which it takes as an argument. */
export function addRunFlagsWithoutData(command: Command): Command {
  return addSchemaFlags(
    command,
    runOptions.filter(({ field }) => field !== 'data'),
    runGroups,
  );
}

/** The options of a run as a command was given them. */
export interface GivenRun {
  /** With defaults in the place of what was not given. */
  configuration: RunConfiguration;
  /** Without defaults, and with absolute paths: a plan chooses the others. */
  given: RunConfigurationInput;
  /** @throws UsageError when the size does not suit the other settings, which a plan may still change */
  checkSize: () => void;
}

/** Reads the configuration of a run from the command's flags and the file of `--config`; flags take precedence. */
export async function readRunOptions(command: Command): Promise<RunConfiguration> {
  const { configuration, checkSize: check } = await readGivenRun(command);
  check();
  return configuration;
}

/**
 * Reads the options of a run as {@link readRunOptions} does, for commands that may plan what was not given.
 *
 * @param data the folder of the data set, where the command takes it as an argument
 */
export async function readGivenRun(command: Command, data?: string): Promise<GivenRun> {
  const named = data === undefined ? {} : { data };
  const source = { schema: runConfiguration, options: runOptions, arguments: named };
  const { configuration, given, nameOption } = await readOptions(command, source);
  await loadNamedPlugins(command, configuration.plugins);
  checkLoss(configuration.loss, nameOption('loss'));
  checkVariant(configuration.variant, nameOption('variant'));
  return {
    configuration,
    given: withAbsolutePaths(runOptionsSchema, given) as RunConfigurationInput,
    checkSize: () => checkSize(configuration, nameOption('size')),
  };
}

/** Reads those of some options that a command was given, checked. */
export function readRunFlags<Field extends keyof RunConfiguration>(
  command: Command,
  fields: readonly Field[],
): Partial<Pick<RunConfiguration, Field>> {
  const values = givenFlags(command, chooseOptions(fields));
  const nameOption = nameByFlag(runOptions);
  const checked = checkValues(runOptionsSchema.partial(), runOptions, { values, nameOption });
  return pickOptions(checked as RunConfiguration, Object.keys(values) as Field[]);
}

function chooseOptions(fields: readonly string[]): typeof runOptions {
  return runOptions.filter(({ field }) => fields.includes(field));
}
