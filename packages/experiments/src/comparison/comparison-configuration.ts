import { z } from 'zod';
import { option, overrideOptions, runOptionsSchema, withPreset, type RunConfiguration } from '@interseg/training';
import { parseEntry } from './compared-entry.ts';

/** The options of a comparison, flat: a run's, with lists in the place of the variant and the seed. */
export const comparisonOptionsSchema = runOptionsSchema.omit({ variant: true, seed: true }).extend({
  variants: option(
    z.array(z.string().min(1)).min(1),
    'networks to compare, the first is the baseline; all: every one that there is; with settings of their own as sae-unet+lambda=1+targetGradient=stop',
    { extendable: true },
  ),
  seeds: option(
    z.array(z.int().min(0)).min(1).default([1, 2, 3]),
    'one run of each variant per seed; the first decides the drawn split',
    { extendable: true },
  ),
});

/**
 * Everything that decides a comparison, as it stands in a configuration file and in the comparison's `config.json`: `parse`
 * checks it, applies the preset that it names and fills in the defaults.
 */
export const comparisonConfiguration = withPreset(comparisonOptionsSchema);

/** The settings of a comparison with every default filled in. */
export type ComparisonConfiguration = z.output<typeof comparisonOptionsSchema>;

/** One run of a comparison. */
export interface PlannedRun {
  /** As the comparison lists it: a variant, perhaps with settings of its own. */
  variant: string;
  seed: number;
}

/** All runs, seed after seed: an interrupted comparison has some runs of every variant before it has many of one. */
export function plannedRuns({ variants, seeds }: Pick<ComparisonConfiguration, 'variants' | 'seeds'>): PlannedRun[] {
  return seeds.flatMap((seed) => variants.map((variant) => ({ variant, seed })));
}

/** The settings of one of the runs. An entry with another optimiser or schedule has that one's defaults. */
export function configurationOfRun(
  configuration: ComparisonConfiguration,
  { variant, seed }: PlannedRun,
  split: string,
): RunConfiguration {
  const { variants: _variants, seeds: _seeds, ...common } = configuration;
  const entry = parseEntry(variant);
  return { ...overrideOptions(common, entry.settings), variant: entry.variant, seed, split };
}
