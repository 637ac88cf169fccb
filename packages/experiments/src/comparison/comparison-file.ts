import type { DataSet, Split } from '@interseg/data';
import type { ComparedRun } from './compared-run.ts';
import type { ComparisonConfiguration, PlannedRun } from './comparison-configuration.ts';
import { isSameRun } from './run-order.ts';
import { pairedTests, type PairedTests } from './paired-tests.ts';
import { summarizeVariant, type VariantSummary } from './variant-summary.ts';

/** A run that ended with an error; the same comparison tries it again. */
export interface FailedRun extends PlannedRun {
  message: string;
}

/** `comparison.json`. */
export interface ComparisonFile {
  settings: ComparisonConfiguration;
  /** Name of the data set. */
  dataset: string;
  /** How many cases each part has. */
  cases: { train: number; validation: number; test: number };
  /** In the order of the settings. */
  variants: VariantSummary[];
  tests: PairedTests;
  runs: ComparedRun[];
  failed: FailedRun[];
}

/** Puts finished runs together. Variants without any are left out; the first variant must have one. */
export function comparisonFile(
  settings: ComparisonConfiguration,
  { dataset, split, runs: order }: { dataset: DataSet; split: Split; runs: readonly PlannedRun[] },
  finished: readonly ComparedRun[],
  failed: readonly FailedRun[],
): ComparisonFile {
  const rank = (run: PlannedRun): number => order.findIndex((planned) => isSameRun(planned, run));
  // Whichever process finished them, in whichever order.
  const runs = [...finished].sort((a, b) => rank(a) - rank(b));
  const byVariant = new Map(
    settings.variants
      .map((variant) => [variant, runs.filter((run) => run.variant === variant)] as const)
      .filter(([, itsRuns]) => itsRuns.length > 0),
  );
  const baseline = byVariant.get(settings.variants[0]!) ?? [];
  const patients = new Map(dataset.cases.map(({ id, patient }) => [id, patient]));
  return {
    settings,
    dataset: dataset.name,
    cases: { train: split.train.length, validation: split.validation.length, test: split.test.length },
    variants: [...byVariant].map(([variant, itsRuns]) => summarizeVariant(variant, itsRuns, baseline)),
    tests: pairedTests(byVariant, (id) => patients.get(id) ?? id),
    runs,
    failed: [...failed].sort((a, b) => rank(a) - rank(b)),
  };
}
