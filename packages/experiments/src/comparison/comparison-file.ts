import type { MissingRun } from './collect.ts';
import type { ComparedRun } from './compared-run.ts';
import type { SweepManifest } from '../sweep/manifest.ts';
import type { PlannedSweep } from '../sweep/plan-sweep.ts';
import {
  comparedEntries,
  runKey,
  type ComparisonConfiguration,
  type PlannedRun,
} from '../sweep/sweep-configuration.ts';
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
  /** How many cases each part has; in a cross-validation, of the first fold, with the test cases of all. */
  cases: { train: number; validation: number; test: number };
  /** In the order of the settings. */
  variants: VariantSummary[];
  tests: PairedTests;
  runs: ComparedRun[];
  failed: FailedRun[];
  /** Runs that had not ended when a part of a sweep was collected; absent where there are none. */
  missing?: MissingRun[];
}

/**
 * Puts finished runs together, in the order of the manifest whichever process finished them. Variants without any are left out;
 * the first variant must have one.
 */
export function comparisonFile(
  {
    dataset,
    splits,
    configuration: settings,
    manifest,
  }: Pick<PlannedSweep, 'dataset' | 'splits' | 'configuration' | 'manifest'>,
  finished: readonly ComparedRun[],
  failed: readonly FailedRun[],
): ComparisonFile {
  const runs = inOrder(finished, manifest);
  const entries = comparedEntries(settings);
  const byEntry = new Map<string, ComparedRun[]>(entries.map((entry) => [entry, []]));
  for (const run of runs) byEntry.get(run.variant)?.push(run);
  const byVariant = new Map([...byEntry].filter(([, itsRuns]) => itsRuns.length > 0));
  const baseline = byVariant.get(entries[0]!) ?? [];
  const patients = new Map(dataset.cases.map(({ id, patient }) => [id, patient]));
  const [split] = splits.values();
  const test = [...splits.values()].reduce((sum, one) => sum + one.test.length, 0);
  return {
    settings,
    dataset: dataset.name,
    cases: { train: split!.train.length, validation: split!.validation.length, test },
    variants: [...byVariant].map(([variant, itsRuns]) => summarizeVariant(variant, itsRuns, baseline)),
    tests: pairedTests(byVariant, (id) => patients.get(id) ?? id),
    runs,
    failed: inOrder(failed, manifest),
  };
}

function inOrder<Run extends PlannedRun>(runs: readonly Run[], manifest: SweepManifest): Run[] {
  const places = new Map(manifest.runs.map((run, place) => [runKey(run), place]));
  const placeOf = (run: PlannedRun): number => places.get(runKey(run)) ?? -1;
  return [...runs].sort((a, b) => placeOf(a) - placeOf(b));
}
