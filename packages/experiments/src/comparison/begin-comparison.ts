import { mkdir } from 'node:fs/promises';
import { readSplit, splitCases, writeSplit, type DataSet, type Split } from '@interseg/data';
import { DataError, OptionError } from '@interseg/errors';
import { readJsonObject, writeJson, exists } from '@interseg/files';
import { checkRunOptions, lockRun, openData, optionFacts, withAbsolutePaths, type RunHooks } from '@interseg/training';
import {
  comparisonConfiguration,
  comparisonOptionsSchema,
  configurationOfRun,
  plannedRuns,
  type ComparisonConfiguration,
  type PlannedRun,
} from './comparison-configuration.ts';
import type { ComparisonFolder } from './comparison-folder.ts';
import { extendOrder, readOrder } from './run-order.ts';

/** What all runs of a comparison share. */
export interface CommonGround {
  dataset: DataSet;
  split: Split;
  /** With absolute paths. */
  configuration: ComparisonConfiguration;
  /** All runs, in the order in which they were planned. */
  runs: readonly PlannedRun[];
}

/**
 * Opens the data, draws the split or reads that of an earlier call, and writes all down before the first run.
 *
 * @returns `undefined` when waiting for another process that does so was interrupted
 * @throws OptionError when the folder holds a comparison with other settings, naming the first that differs, or an entry has
 * options that do not suit its network
 */
export async function beginComparison(
  asked: ComparisonConfiguration,
  folder: ComparisonFolder,
  hooks: RunHooks,
): Promise<CommonGround | undefined> {
  const configuration = withAbsolutePaths(comparisonOptionsSchema, asked);
  checkRepetition(configuration);
  const before = await readComparisonConfiguration(folder);
  if (before) checkSameSettings(configuration, before, folder);
  const dataset = await openData(configuration);
  const split = await splitOf(configuration, dataset, folder);
  if (split.test.length === 0) {
    throw new DataError(
      `${configuration.split ?? configuration.data}: found no case for testing, expected at least one to compare on.`,
    );
  }
  checkEntries(configuration, dataset, folder);
  await mkdir(folder.root, { recursive: true });
  const runs = await writeDown({ dataset, split, configuration }, folder, hooks);
  return runs && { dataset, split: await readSplit(folder.split, dataset.cases), configuration, runs };
}

/**
 * Writes down what the runs share, each file once: other processes may be working on runs of the same comparison. Only what
 * grows is written again.
 *
 * @returns the runs in their order; `undefined` when waiting for another process was interrupted
 */
async function writeDown(
  { split, configuration }: Omit<CommonGround, 'runs'>,
  folder: ComparisonFolder,
  { signal, onStage }: RunHooks,
): Promise<PlannedRun[] | undefined> {
  const silence = configuration.lockSilence;
  const lock = await lockRun(folder.lock, { silence, wait: 'release', signal, onWait: onStage });
  if (!lock) return undefined;
  try {
    const before = await readComparisonConfiguration(folder);
    // Another process may have begun or extended the comparison since it was looked at.
    if (before) checkSameSettings(configuration, before, folder);
    if (!(await exists(folder.split))) await writeSplit(folder.split, split);
    const known = (await readOrder(folder)) ?? (before ? plannedRuns(before) : []);
    const runs = extendOrder(known, configuration);
    await lock.check();
    if (runs.length > known.length || !(await exists(folder.runs))) await writeJson(folder.runs, { runs });
    if (!before || runs.length > known.length) await writeJson(folder.configuration, configuration);
    return runs;
  } finally {
    await lock.release();
  }
}

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

async function splitOf(
  { split, fractions, seeds }: ComparisonConfiguration,
  { cases }: DataSet,
  folder: ComparisonFolder,
): Promise<Split> {
  if (await exists(folder.split)) return readSplit(folder.split, cases);
  return split === undefined ? splitCases(cases, { fractions, seed: seeds[0] }) : readSplit(split, cases);
}

/** Refuses before the first run what the run of a later entry could only refuse after hours. */
function checkEntries(configuration: ComparisonConfiguration, dataset: DataSet, folder: ComparisonFolder): void {
  const seed = configuration.seeds[0]!;
  for (const variant of configuration.variants) {
    checkRunOptions(configurationOfRun(configuration, { variant, seed }, folder.split), dataset);
  }
}

function checkRepetition({ variants, seeds }: ComparisonConfiguration): void {
  for (const [name, list] of Object.entries({ variants, seeds })) {
    const repeated = list.find((value, index) => list.indexOf(value as never) !== index);
    if (repeated !== undefined) {
      throw new OptionError(`The option ${name} has ${repeated} twice, expected each of its values once.`);
    }
  }
}

function checkSameSettings(
  now: ComparisonConfiguration,
  before: ComparisonConfiguration,
  { root }: ComparisonFolder,
): void {
  const names = Object.keys({ ...before, ...now }) as (keyof ComparisonConfiguration)[];
  for (const name of names) {
    const { changesResult, extendable } = optionFacts(comparisonOptionsSchema.shape[name]);
    if (!changesResult) continue;
    const [found, expected] = [now[name], before[name]];
    const isLonger = extendable && startsWith(found as unknown[], expected as unknown[]);
    if (isLonger || JSON.stringify(found) === JSON.stringify(expected)) continue;
    const more = extendable ? ', to which more may be added at the end' : '';
    throw new OptionError(
      `${root}: the option ${name} is ${text(found)}, but the comparison there has ${text(expected)}${more}: repeat that, or choose another folder.`,
    );
  }
}

function startsWith(list: readonly unknown[], beginning: readonly unknown[]): boolean {
  return beginning.every((value, index) => list[index] === value);
}

function text(value: unknown): string {
  if (value === undefined) return 'the default';
  return Array.isArray(value) ? value.join(',') : String(value);
}
