import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { exists, writeJson } from '@interseg/files';
import { checkDigest } from '../sweep/check-digest.ts';
import type { SweepRun } from '../sweep/manifest.ts';
import { mapAtOnce } from '../sweep/map-at-once.ts';
import type { PlannedSweep } from '../sweep/plan-sweep.ts';
import { readStandings, type RunStanding } from '../sweep/run-states.ts';
import { comparedEntries, plannedOf, type PlannedRun } from '../sweep/sweep-configuration.ts';
import type { ComparisonFolder } from '../sweep/sweep-folder.ts';
import { readComparedRun, type ComparedRun } from './compared-run.ts';
import { comparisonFile, type ComparisonFile, type FailedRun } from './comparison-file.ts';

/** A run of a sweep that has not ended. */
export interface MissingRun extends PlannedRun {
  index: number;
  /** The name of its folder in `runs`. */
  name: string;
  /** How it stands, and where: `waiting`, `running on node7`, … */
  reason: string;
}

/** What {@link collect} found. */
export interface Collection {
  /** Absent when runs are missing and a part was not asked for. */
  comparison?: ComparisonFile;
  /** In the order of their indices. */
  missing: MissingRun[];
}

/**
 * Puts the finished runs of a sweep together and writes `comparison.json`, whichever processes have finished them in whichever
 * order. Each run folder is checked against the digest of the manifest. Runs that failed are listed as such.
 *
 * @param sweep as it was planned or read
 * @param options `partial`: writes what there is also where runs are missing. Defaults to false
 * @throws DataError when a run folder is not that of its run, or cannot be read; Error when no run of the baseline has finished
 */
export async function collect(
  sweep: Omit<PlannedSweep, 'added'>,
  { partial = false }: { partial?: boolean } = {},
): Promise<Collection> {
  const { folder, manifest, configuration } = sweep;
  const standings = await readStandings(folder, manifest.runs, { silence: configuration.lockSilence });
  const read = await mapAtOnce(standings, (standing) => readStanding(folder, standing));
  const finished = read.filter((one): one is ComparedRun => 'metrics' in one);
  const failed = read.filter((one): one is FailedRun => 'message' in one);
  const missing = read.filter((one): one is MissingRun => 'reason' in one);
  if (missing.length > 0 && !partial) return { missing };
  const [baseline] = comparedEntries(configuration);
  if (!finished.some(({ variant }) => variant === baseline)) {
    throw new Error(`No run of the baseline ${baseline} has finished: ${failed[0]?.message ?? 'there is none.'}`);
  }
  const comparison = { ...comparisonFile(sweep, finished, failed), ...(missing.length > 0 && { missing }) };
  await writeJson(folder.comparison, comparison);
  return { comparison, missing };
}

async function readStanding(
  folder: ComparisonFolder,
  { run, state, failure, holder }: RunStanding,
): Promise<ComparedRun | FailedRun | MissingRun> {
  if (failure) return { ...plannedOf(run), message: failure.message };
  if (state !== 'finished') {
    const where = holder ? ` on ${holder.host}` : '';
    return { index: run.index, name: run.name, ...plannedOf(run), reason: `${state}${where}` };
  }
  await checkDigest(folder.run(run), run);
  return readEndedRun(folder, run);
}

/** Milliseconds for which a process that has just finished a run may take to write what comes after its metrics. */
const lastWords = 2000;

/** Reads a run that has its metrics. Its measurements come last; a process that was killed before them leaves none. */
export async function readEndedRun(folder: ComparisonFolder, run: SweepRun): Promise<ComparedRun> {
  while (!(await exists(folder.measurements(run)))) {
    const { mtimeMs } = await stat(folder.run(run).metrics);
    if (Math.abs(Date.now() - mtimeMs) > lastWords) break;
    await sleep(100);
  }
  return readComparedRun(folder, run);
}
