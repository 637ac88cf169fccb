import { randomUUID } from 'node:crypto';
import type { DataSet, Split } from '@interseg/data';
import { DataError, OptionError } from '@interseg/errors';
import { exists, readJsonObject } from '@interseg/files';
import { chooseCases } from '@interseg/training';
import { z } from 'zod';
import { digestOfRun, digestOfSplit } from './run-digest.ts';
import {
  comparisonConfiguration,
  configurationOfRun,
  plannedRuns,
  runKey,
  type ComparisonConfiguration,
  type PlannedRun,
} from './sweep-configuration.ts';
import type { ComparisonFolder } from './sweep-folder.ts';

/** A run of a sweep, as the manifest has it. */
export interface SweepRun extends PlannedRun {
  /** Its place in the manifest, from 0: what `interseg sweep run --index` takes. */
  index: number;
  /** The name of its folder in `runs`. */
  name: string;
  /** Of its settings and its split: see `digestOfRun`. */
  digest: string;
}

/** `runs.json`: all runs of a sweep. What there is stays as it is; what is added to the sweep comes last. */
export interface SweepManifest {
  /** Of this sweep alone, for the names of jobs: 8 hexadecimal digits. */
  id: string;
  runs: SweepRun[];
}

/** What a manifest is made from, besides the settings. */
interface SweepFacts {
  folder: ComparisonFolder;
  dataset: Pick<DataSet, 'cases' | 'unlabelled'>;
  /** Of all runs by fold; under `undefined` where they have one. */
  splits: ReadonlyMap<number | undefined, Split>;
}

/** A run that a folder knows; an earlier version has given it no index and no digest. */
type KnownRun = PlannedRun & Partial<SweepRun>;

const plannedSchema = z.object({ variant: z.string(), seed: z.int().min(0), fold: z.int().min(1).optional() });
const manifestSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{8}$/),
  runs: z.array(plannedSchema.extend({ index: z.int().min(0), name: z.string().min(1), digest: z.string().min(1) })),
});
/** As it was before a comparison could be worked on by index. */
const orderSchema = z.object({ runs: z.array(plannedSchema) });

/** The settings of the comparison that a folder holds, if it holds one. @throws DataError when they are not valid */
export async function readComparisonConfiguration(
  folder: ComparisonFolder,
): Promise<ComparisonConfiguration | undefined> {
  if (!(await exists(folder.configuration))) return undefined;
  const expected = 'the settings of a comparison';
  const parsed = comparisonConfiguration.safeParse(await readJsonObject(folder.configuration, expected));
  if (parsed.success) return parsed.data;
  const [problem] = parsed.error.issues;
  throw new DataError(
    `${folder.configuration}: expected ${expected}, found otherwise in ${problem?.path.join('.') || 'the whole'} (${problem?.message}).`,
  );
}

/**
 * The manifest of a sweep that has been planned.
 *
 * @throws DataError when the folder holds none, it is not valid, or it was written by a version without indices: planning it
 * again completes it
 */
export async function readManifest({ runs: path, root }: ComparisonFolder): Promise<SweepManifest> {
  if (!(await exists(path))) {
    throw new DataError(`${root}: found no runs.json, expected a sweep that 'interseg sweep plan' has written.`);
  }
  const parsed = manifestSchema.safeParse(await readJsonObject(path, 'the manifest of a sweep'));
  const isManifest = parsed.success && parsed.data.runs.every(({ index }, place) => index === place);
  if (isManifest) return parsed.data;
  throw new DataError(
    `${path}: found something else, expected the manifest of a sweep; 'interseg sweep plan' or 'interseg compare' with the same settings completes that of an earlier version.`,
  );
}

/** The runs that a folder knows already, in their order. @throws DataError when the file is not valid */
export async function readKnownRuns({
  runs: path,
}: ComparisonFolder): Promise<{ id?: string; runs: KnownRun[] } | undefined> {
  if (!(await exists(path))) return undefined;
  const content = await readJsonObject(path, 'the manifest of a sweep');
  const manifest = manifestSchema.safeParse(content);
  if (manifest.success) return manifest.data;
  const order = orderSchema.safeParse(content);
  if (order.success) return order.data;
  throw new DataError(`${path}: found something else, expected the runs of a comparison, each a variant and a seed.`);
}

/**
 * The manifest with all runs of a configuration. Runs that there were keep their places, so that an index that a queued job
 * holds never means another run; what was added comes behind them, seed after seed.
 */
export function extendManifest(
  { id = randomUUID().slice(0, 8), runs: before = [] }: { id?: string; runs?: readonly KnownRun[] },
  configuration: ComparisonConfiguration,
  { folder, dataset, splits }: SweepFacts,
): SweepManifest {
  const digests = new Map([...splits].map(([fold, split]) => [fold, digestOfSplit(split)]));
  const digestOf = (run: PlannedRun): string => {
    const settings = configurationOfRun(configuration, run, '');
    const split = splits.get(run.fold);
    // The cases with labels are drawn for each run by its seed; all runs with all of them share one split.
    if (!split || settings.labelled === 'all') return digestOfRun(settings, digests.get(run.fold) ?? '');
    return digestOfRun(settings, digestOfSplit(chooseCases(split, dataset, settings)));
  };
  const known = new Set(before.map(runKey));
  const added = plannedRuns(configuration).filter((run) => !known.has(runKey(run)));
  const names = new Map<string, string>();
  const runs = [...before, ...added].map((run: KnownRun, index): SweepRun => {
    const { variant, seed, fold } = run;
    const name = folder.runName(run);
    const other = names.get(name);
    if (other !== undefined) {
      throw new OptionError(
        `The variants have ${other} and ${variant}, whose runs would have one folder, ${name}; expected other settings.`,
      );
    }
    names.set(name, variant);
    // Of one that an earlier version has planned, it is that of the settings which the folder has.
    const digest = run.digest ?? digestOf(run);
    return { index, name, variant, seed, ...(fold !== undefined && { fold }), digest };
  });
  return { id, runs };
}

/** The run of an index. @throws OptionError when there is none */
export function runOfIndex({ runs }: SweepManifest, index: number): SweepRun {
  const run = runs[index];
  if (run) return run;
  throw new OptionError(`The index is ${index}, expected that of a run of the sweep, from 0 to ${runs.length - 1}.`);
}
