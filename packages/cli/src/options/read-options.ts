import { dirname } from 'node:path';
import { loadPlugins } from '@interseg/training';
import type { Command } from 'commander';
import type { z } from 'zod';
import { checkValues } from './check-values.ts';
import { readConfigurationFile } from './configuration-file.ts';
import { nameByFlag, type OptionDescription } from './option-schema.ts';
import { givenFlags } from './schema-flags.ts';

/** How a command's options are read. */
export interface OptionSource<Schema extends z.ZodType> {
  /** Checks them and fills in what is left out. */
  schema: Schema;
  /** What has a flag, and may stand in the file of `--config`. */
  options: readonly OptionDescription[];
  /** What may stand in that file without being used. */
  ignored?: readonly OptionDescription[];
  /** Values that the command takes otherwise than by a flag; they take precedence over both. */
  arguments?: Readonly<Record<string, unknown>>;
}

/**
 * Reads options from a command's flags and the file of `--config`; flags take precedence.
 *
 * @returns also what was given, without defaults, and how to name an option in an error: as it was given
 */
export async function readOptions<Schema extends z.ZodType>(
  command: Command,
  { schema, options, ignored = [], arguments: named = {} }: OptionSource<Schema>,
): Promise<{
  configuration: z.output<Schema>;
  given: Record<string, unknown>;
  nameOption: (field: string) => string;
}> {
  const { config } = command.opts<{ config?: string }>();
  const flags = givenFlags(command, options);
  const file = config === undefined ? {} : await readConfigurationFile(config, [...options, ...ignored]);
  for (const { field } of ignored) delete file[field];
  const byFlag = nameByFlag(options);
  const nameOption = (field: string): string =>
    field in file && !(field in flags) ? `${config}: ${field}` : byFlag(field);
  const given = { ...file, ...flags, ...named };
  return { configuration: checkValues(schema, options, { values: given, nameOption }), given, nameOption };
}

/** Reads options that a command takes by flags alone, checked and with their defaults. */
export function readFlags<Schema extends z.ZodObject>(
  command: Command,
  schema: Schema,
  options: readonly OptionDescription[],
): z.output<Schema> {
  return checkValues(schema, options, { values: givenFlags(command, options), nameOption: nameByFlag(options) });
}

/** Loads plugins; packages are also looked up from the folder of the file of `--config`. */
export async function loadNamedPlugins(command: Command, plugins: readonly string[]): Promise<void> {
  const { config } = command.opts<{ config?: string }>();
  await loadPlugins(plugins, config === undefined ? [] : [dirname(config)]);
}
