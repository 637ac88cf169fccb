import { variants } from '@interseg/models';
import { comparisonConfiguration, parseEntry, type ComparisonConfiguration } from '@interseg/experiments';
import type { Command } from 'commander';
import { optionsOf } from './option-schema.ts';
import {
  checkLoss,
  checkSize,
  checkVariant,
  loadPluginsOf,
  readOptions,
  runGroups,
  runOptions,
} from './run-options.ts';
import { addSchemaFlags } from './schema-flags.ts';

/** Every option of a comparison, its own first. */
export const comparisonOptions = [...optionsOf(comparisonConfiguration)].sort(
  (a, b) => Number(isOfRun(a.field)) - Number(isOfRun(b.field)),
);

/** What a run has and a comparison has not; a run's `config.json` serves as a file of options all the same. */
const ofOneRun = runOptions.filter(({ field }) => !comparisonOptions.some((one) => one.field === field));

/** Gives a command the flags of a comparison. */
export function addComparisonFlags(command: Command): Command {
  const comparison = 'Comparison:';
  return addSchemaFlags(command, comparisonOptions, { ...runGroups, variants: comparison, seeds: comparison });
}

/** The settings of a comparison from the command's flags and the file of `--config`; flags win. */
export async function comparisonConfigurationOf(command: Command): Promise<ComparisonConfiguration> {
  const { configuration, nameOf } = await readOptions(command, comparisonConfiguration, comparisonOptions, ofOneRun);
  await loadPluginsOf(command, configuration.plugins);
  checkLoss(configuration.loss, nameOf('loss'));
  const isAll = configuration.variants.length === 1 && configuration.variants[0] === 'all';
  const names = isAll ? variants().map(({ name }) => name) : configuration.variants;
  for (const name of names) checkVariant(parseEntry(name).variant, nameOf('variants'));
  checkSize(configuration, nameOf('size'));
  return { ...configuration, variants: names };
}

function isOfRun(field: string): boolean {
  return runOptions.some((one) => one.field === field);
}
