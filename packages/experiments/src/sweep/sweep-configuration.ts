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
  settings: option(
    z.array(z.string().min(1)).min(1).optional(),
    'settings to train each of the networks with, such as lambda=0.5,lambda=1+alpha=2; none: as it is',
    { extendable: true },
  ),
  seeds: option(
    z.array(z.int().min(0)).min(1).default([1, 2, 3]),
    'one run of each variant per seed; the first decides the drawn split',
    { extendable: true },
  ),
  folds: option(
    z.int().min(2).optional(),
    'cross-validation: one run per fold, each patient in the test part of one of them; defaults to one split',
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
  /** Counted from 1; absent where all runs have one split. */
  fold?: number;
}

/** What tells a run of a comparison from the others. */
export function runKey({ variant, seed, fold }: PlannedRun): string {
  return JSON.stringify([variant, seed, fold]);
}

/** A run in words: `unet, seed 1` or `unet, seed 1, fold 2`. */
export function describeRun({ variant, seed, fold }: PlannedRun): string {
  return `${variant}, seed ${seed}${fold === undefined ? '' : `, fold ${fold}`}`;
}

/** A run without what the manifest adds. */
export function plannedOf({ variant, seed, fold }: PlannedRun): PlannedRun {
  return { variant, seed, ...(fold !== undefined && { fold }) };
}

/** What decides which runs there are. */
export type SweepAxes = Pick<ComparisonConfiguration, 'variants' | 'settings' | 'seeds' | 'folds'>;

/** The settings that leave a network as it is. */
export const noSettings = 'none';

/** What is compared, the baseline first: each network with each of the settings, as `unet`, `unet+lambda=1`, … */
export function comparedEntries({ variants, settings = [noSettings] }: Pick<SweepAxes, 'variants' | 'settings'>) {
  return settings.flatMap((own) => variants.map((variant) => (own === noSettings ? variant : `${variant}+${own}`)));
}

/** All runs, seed after seed: an interrupted comparison has some runs of every variant before it has many of one. */
export function plannedRuns(axes: SweepAxes): PlannedRun[] {
  const entries = comparedEntries(axes);
  const { seeds, folds } = axes;
  const foldsOfEach = folds === undefined ? [{}] : Array.from({ length: folds }, (_, index) => ({ fold: index + 1 }));
  return seeds.flatMap((seed) => foldsOfEach.flatMap((fold) => entries.map((variant) => ({ variant, seed, ...fold }))));
}

/**
 * The settings of one of the runs. An entry with another optimiser or schedule has that one's defaults.
 *
 * @param split the file with the split of the run
 */
export function configurationOfRun(
  configuration: ComparisonConfiguration,
  { variant, seed }: PlannedRun,
  split: string,
): RunConfiguration {
  const { variants: _variants, settings: _settings, seeds: _seeds, folds: _folds, ...common } = configuration;
  const entry = parseEntry(variant);
  return { ...overrideOptions(common, entry.settings), variant: entry.variant, seed, split };
}
