import {
  comparisonConfiguration,
  comparisonOptionsSchema,
  parseEntry,
  type ComparisonConfiguration,
} from '@interseg/experiments';
import { variants } from '@interseg/models';
import type { Command } from 'commander';
import { checkLoss, checkSize, checkVariant } from './check-names.ts';
import { describeOptions } from './option-schema.ts';
import { loadNamedPlugins, readOptions } from './read-options.ts';
import { runGroups, runOptions } from './run-options.ts';
import { addSchemaFlags } from './schema-flags.ts';

/** Every option of a comparison, its own first. */
export const comparisonOptions = [...describeOptions(comparisonOptionsSchema)].sort(
  (a, b) => Number(isOptionOfRun(a.field)) - Number(isOptionOfRun(b.field)),
);

/** What a run has and a comparison has not; a run's `config.json` serves as a file of options all the same. */
const onlyOfRun = runOptions.filter(({ field }) => !comparisonOptions.some((one) => one.field === field));

/** Gives a command the flags of a comparison. */
export function addComparisonFlags(command: Command): Command {
  const comparison = 'Comparison:';
  return addSchemaFlags(command, comparisonOptions, { ...runGroups, variants: comparison, seeds: comparison });
}

/** Reads the settings of a comparison from the command's flags and the file of `--config`; flags take precedence. */
export async function readComparisonOptions(command: Command): Promise<ComparisonConfiguration> {
  const source = { schema: comparisonConfiguration, options: comparisonOptions, ignored: onlyOfRun };
  const { configuration, nameOption } = await readOptions(command, source);
  await loadNamedPlugins(command, configuration.plugins);
  checkLoss(configuration.loss, nameOption('loss'));
  const isAll = configuration.variants.length === 1 && configuration.variants[0] === 'all';
  const names = isAll ? variants().map(({ name }) => name) : configuration.variants;
  for (const name of names) checkVariant(parseEntry(name).variant, nameOption('variants'));
  checkSize(configuration, nameOption('size'));
  return { ...configuration, variants: names };
}

function isOptionOfRun(field: string): boolean {
  return runOptions.some((one) => one.field === field);
}
