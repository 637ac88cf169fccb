import { z } from 'zod';
import { runConfiguration, type RunConfiguration } from '@interseg/training';
import { parseEntry } from './compared-entry.ts';

/**
 * Everything that decides a comparison: what decides a run, with lists in the place of the variant and the seed. Flat, as it
 * stands in a configuration file and in the comparison's `config.json`.
 */
export const comparisonConfiguration = runConfiguration.omit({ variant: true, seed: true }).extend({
  variants: z
    .array(z.string().min(1))
    .min(1)
    .describe(
      'networks to compare, the first is the baseline; all: every one that there is; with settings of their own as sae-unet+lambda=1+targetGradient=stop',
    ),
  seeds: z
    .array(z.int().min(0))
    .min(1)
    .default([1, 2, 3])
    .describe('one run of each variant per seed; the first decides the drawn split'),
});

/** The settings of a comparison with every default filled in. */
export type ComparisonConfiguration = z.output<typeof comparisonConfiguration>;

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

/** The settings of one of the runs. */
export function configurationOfRun(
  configuration: ComparisonConfiguration,
  { variant, seed }: PlannedRun,
  split: string,
): RunConfiguration {
  const { variants: _variants, seeds: _seeds, ...common } = configuration;
  const entry = parseEntry(variant);
  return { ...common, ...entry.settings, variant: entry.variant, seed, split };
}
