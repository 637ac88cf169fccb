import { dirname } from 'node:path';
import { readSplit, splitCases, writeSplit, type DataSet, type Split } from '@interseg/data';
import { DataError, OptionError } from '@interseg/errors';
import { exists, makeFolder, writeJson } from '@interseg/files';
import { checkRunOptions, chooseCases, lockRun, openData, withAbsolutePaths, type RunHooks } from '@interseg/training';
import { checkRepetition, checkSameSettings } from './check-settings.ts';
import {
  extendManifest,
  readComparisonConfiguration,
  readKnownRuns,
  readManifest,
  type SweepManifest,
  type SweepRun,
} from './manifest.ts';
import {
  comparedEntries,
  comparisonOptionsSchema,
  configurationOfRun,
  type ComparisonConfiguration,
} from './sweep-configuration.ts';
import { comparisonFolder, type ComparisonFolder } from './sweep-folder.ts';

/** What all runs of a sweep share. */
export interface PlannedSweep {
  folder: ComparisonFolder;
  dataset: DataSet;
  /** By fold; under `undefined` where all runs have one split. */
  splits: ReadonlyMap<number | undefined, Split>;
  /** With absolute paths. */
  configuration: ComparisonConfiguration;
  manifest: SweepManifest;
  /** How many runs this call has added. */
  added: number;
}

/**
 * Plans a sweep, or adds runs to one: opens the data, draws the splits or reads those of an earlier call, checks what can be
 * known of each run, and writes down the settings, the splits and the manifest, each once. Only what grows is written again;
 * a run that is in the manifest keeps its index.
 *
 * @param asked checked, with its defaults; the first variant is the baseline
 * @param out the folder: new, or with a sweep or comparison of the same settings
 * @returns `undefined` when waiting for another process that plans the same sweep was interrupted
 * @throws OptionError when the folder holds other settings, naming the first that differs, or an entry has options that do
 * not suit its network; DataError for bad input
 */
export async function planSweep(
  asked: ComparisonConfiguration,
  out: string,
  hooks: Pick<RunHooks, 'signal' | 'onStage'> = {},
): Promise<PlannedSweep | undefined> {
  const folder = comparisonFolder(out);
  const configuration = withAbsolutePaths(comparisonOptionsSchema, asked);
  checkRepetition(configuration);
  const before = await readComparisonConfiguration(folder);
  if (before) checkSameSettings(configuration, before, folder);
  const dataset = await openData(configuration);
  const splits = await splitsOf(configuration, dataset, folder);
  checkEntries(configuration, { dataset, splits, folder });
  await makeFolder(folder.root);
  const written = await writeDown({ folder, dataset, splits, configuration }, hooks);
  if (!written) return undefined;
  // Those of another process that has planned the same sweep first.
  return { ...written, splits: await readSplits(configuration, dataset, folder) };
}

/**
 * Reads a sweep that has been planned, with its data.
 *
 * @throws DataError when the folder holds none, or its data has gone
 */
export async function readSweep(out: string): Promise<Omit<PlannedSweep, 'added'>> {
  const folder = comparisonFolder(out);
  const { configuration, manifest } = await readPlan(folder);
  const dataset = await openData(configuration);
  return { folder, dataset, splits: await readSplits(configuration, dataset, folder), configuration, manifest };
}

/** Reads the settings and the manifest of a sweep that has been planned, without its data. @throws DataError as {@link readSweep} */
export async function readPlan(folder: ComparisonFolder): Promise<Pick<PlannedSweep, 'configuration' | 'manifest'>> {
  const manifest = await readManifest(folder);
  const configuration = await readComparisonConfiguration(folder);
  if (configuration) return { configuration, manifest };
  throw new DataError(`${folder.configuration}: found no file, expected the settings of a sweep.`);
}

/** Writes down what the runs share, each file once: other processes may be working on runs of the same sweep. */
async function writeDown(
  sweep: Omit<PlannedSweep, 'manifest' | 'added'>,
  { signal, onStage }: Pick<RunHooks, 'signal' | 'onStage'>,
): Promise<PlannedSweep | undefined> {
  const { folder, splits, configuration } = sweep;
  const silence = configuration.lockSilence;
  const lock = await lockRun(folder.lock, { silence, wait: 'release', signal, onWait: onStage });
  if (!lock) return undefined;
  try {
    const before = await readComparisonConfiguration(folder);
    // Another process may have begun or extended the sweep since it was looked at.
    if (before) checkSameSettings(configuration, before, folder);
    const known = await readKnownRuns(folder);
    const earlier = known ?? (before ? extendManifest({}, before, sweep) : { runs: [] });
    const manifest = extendManifest(earlier, configuration, sweep);
    const knownCount = earlier.runs.length;
    const isWhole = known?.id !== undefined && manifest.runs.length === knownCount;
    await lock.check();
    for (const [fold, split] of splits) {
      const path = folder.splitOf({ fold });
      if (await exists(path)) continue;
      await makeFolder(dirname(path));
      await writeSplit(path, split);
    }
    // The settings first: whoever reads the manifest needs them.
    if (!before || manifest.runs.length > knownCount) await writeJson(folder.configuration, configuration);
    if (!isWhole) await writeJson(folder.runs, manifest);
    return { ...sweep, manifest, added: manifest.runs.length - knownCount };
  } finally {
    await lock.release();
  }
}

async function splitsOf(
  configuration: ComparisonConfiguration,
  dataset: DataSet,
  folder: ComparisonFolder,
): Promise<ReadonlyMap<number | undefined, Split>> {
  const { folds, fractions, seeds, data, split: given } = configuration;
  if (folds !== undefined && given !== undefined) {
    throw new OptionError(`The option split is ${given} beside folds, which draw their own; expected one of the two.`);
  }
  const draw = async (fold?: number): Promise<Split> => {
    const path = folder.splitOf({ fold });
    if (await exists(path)) return readSplit(path, dataset.cases, dataset.unlabelled);
    if (given !== undefined) return readSplit(given, dataset.cases, dataset.unlabelled);
    const ofFold = fold === undefined ? {} : { folds, fold: fold - 1 };
    return splitCases(dataset.cases, { fractions, seed: seeds[0], ...ofFold });
  };
  const splits = new Map<number | undefined, Split>();
  for (const fold of foldsOf(configuration)) {
    const split = await draw(fold);
    if (split.test.length === 0) {
      throw new DataError(`${given ?? data}: found no case for testing, expected at least one to compare on.`);
    }
    splits.set(fold, split);
  }
  return splits;
}

async function readSplits(
  configuration: ComparisonConfiguration,
  { cases, unlabelled }: DataSet,
  folder: ComparisonFolder,
): Promise<ReadonlyMap<number | undefined, Split>> {
  const splits = new Map<number | undefined, Split>();
  for (const fold of foldsOf(configuration)) {
    splits.set(fold, await readSplit(folder.splitOf({ fold }), cases, unlabelled));
  }
  return splits;
}

function foldsOf({ folds }: Pick<ComparisonConfiguration, 'folds'>): (number | undefined)[] {
  return folds === undefined ? [undefined] : Array.from({ length: folds }, (_, index) => index + 1);
}

/** Refuses before the first run what the run of a later entry could only refuse after hours. */
function checkEntries(
  configuration: ComparisonConfiguration,
  { dataset, splits, folder }: Pick<PlannedSweep, 'dataset' | 'splits' | 'folder'>,
): void {
  const seed = configuration.seeds[0]!;
  for (const variant of comparedEntries(configuration)) {
    const ofRun = configurationOfRun(configuration, { variant, seed }, folder.split);
    checkRunOptions(ofRun, dataset);
    for (const split of splits.values()) chooseCases(split, dataset, ofRun);
  }
}

/** The settings of a run of a sweep, with which it is trained. */
export function settingsOfRun(
  configuration: ComparisonConfiguration,
  folder: ComparisonFolder,
  run: SweepRun,
): ReturnType<typeof configurationOfRun> {
  return configurationOfRun(configuration, run, folder.splitOf(run));
}
