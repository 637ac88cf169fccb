import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { resolve } from 'node:path';
import { isInputError } from '@interseg/errors';
import { exists, isDiskFull, writeJson } from '@interseg/files';
import {
  LockLostError,
  type LockWait,
  networkOptions,
  resume,
  RunExistsError,
  RunHeldError,
  type RunHooks,
  type RunResult,
  storageOptions,
  train,
} from '@interseg/training';
import { beginComparison, type CommonGround } from './begin-comparison.ts';
import { readComparedRun, type ComparedRun } from './compared-run.ts';
import {
  configurationOfRun,
  plannedRuns,
  type ComparisonConfiguration,
  type PlannedRun,
} from './comparison-configuration.ts';
import { comparisonFile, type ComparisonFile, type FailedRun } from './comparison-file.ts';
import { comparisonFolder, type ComparisonFolder } from './comparison-folder.ts';
import { countParameters } from './count-parameters.ts';
import { readMeasurements, StepClock, writeMeasurements } from './measurements.ts';

/** What a comparison tells while it works, besides what each run tells. */
export interface ComparisonHooks extends RunHooks {
  /** Before the first run: all of them, with those that are finished already. */
  onPlan?: (runs: readonly PlannedRun[], finished: readonly ComparedRun[]) => void;
  /** A run begins or goes on in this process. */
  onRun?: (run: PlannedRun) => void;
  /** Another process works on a run; it is waited for when the others are done. */
  onRunHeld?: (run: PlannedRun) => void;
  /** A run has finished, perhaps in another process; its folder is complete but for what this adds. */
  onRunEnd?: (run: ComparedRun, folder: string) => void | Promise<void>;
  /** Told of a run that failed; the others go on. */
  onRunFailed?: (run: FailedRun) => void;
}

/** How a comparison ended. */
export interface ComparisonResult {
  stopped: 'finished' | 'interrupted';
  /** How many runs are finished, of how many. */
  finished: number;
  planned: number;
  /** Absent when the comparison was interrupted. */
  comparison?: ComparisonFile;
}

/**
 * Trains and evaluates each variant with each seed, under one split and one budget, and writes `comparison.json`. Runs that
 * are finished in the folder are not repeated, one that was interrupted continues from its checkpoint. A run that fails (as
 * when its loss is no number) does not keep the others from finishing. Several processes may work on one comparison: each takes
 * the runs that nobody works on, and waits in the end for those of the others.
 *
 * @param configuration checked, with its defaults; the first variant is the baseline
 * @param out the folder of the comparison: new, or with one of the same settings
 * @throws OptionError or DataError for bad input, in one sentence; options of every entry are checked before the first run
 */
export async function compare(
  configuration: ComparisonConfiguration,
  out: string,
  hooks: ComparisonHooks,
): Promise<ComparisonResult> {
  const folder = comparisonFolder(out);
  const ground = await beginComparison(configuration, folder, hooks);
  if (!ground) return { stopped: 'interrupted', finished: 0, planned: plannedRuns(configuration).length };
  const planned = ground.runs;
  const finished: ComparedRun[] = [];
  const open: PlannedRun[] = [];
  for (const run of planned) {
    if (await exists(folder.run(run).metrics)) finished.push(await readEndedRun(folder, run));
    else open.push(run);
  }
  hooks.onPlan?.(planned, finished);
  const failed: FailedRun[] = [];
  const interrupted = (): ComparisonResult => {
    return { stopped: 'interrupted', finished: finished.length, planned: planned.length };
  };
  /** @returns what became of the run, which is in `finished` or `failed` if it has ended */
  const attempt = async (run: PlannedRun, lockWait: LockWait): Promise<'ended' | 'held' | 'interrupted'> => {
    if (hooks.signal?.aborted) return 'interrupted';
    // Another process may have finished it since.
    if (!(await exists(folder.run(run).metrics))) {
      const result = await performOne(run, ground, folder, { ...hooks, lockWait }).catch((error: unknown) => {
        if (error instanceof RunHeldError || error instanceof RunExistsError) return 'held' as const;
        if (error instanceof EndedElsewhereError) return 'ended' as const;
        // What would make every other run fail, too, ends the comparison.
        const isOfAll = isInputError(error) || isDiskFull(error) || error instanceof LockLostError;
        if (hooks.signal?.aborted || isOfAll) throw error;
        return { ...run, message: error instanceof Error ? error.message : String(error) };
      });
      if (result === 'held') return 'held';
      if (result !== 'ended' && 'message' in result) {
        failed.push(result);
        hooks.onRunFailed?.(result);
        return 'ended';
      }
      if (result !== 'ended' && result.stopped === 'interrupted') return 'interrupted';
    }
    const compared = await readEndedRun(folder, run);
    finished.push(compared);
    await hooks.onRunEnd?.(compared, folder.run(run).root);
    return 'ended';
  };
  const held: PlannedRun[] = [];
  for (const run of open) {
    const outcome = await attempt(run, 'none');
    if (outcome === 'interrupted') return interrupted();
    if (outcome === 'ended') continue;
    held.push(run);
    hooks.onRunHeld?.(run);
  }
  for (const run of held) {
    for (;;) {
      const outcome = await attempt(run, 'silence');
      if (outcome === 'interrupted') return interrupted();
      if (outcome === 'ended') break;
      await sleep(lookEvery, undefined, { signal: hooks.signal }).catch(() => undefined);
    }
  }
  const [baseline] = ground.configuration.variants;
  if (!finished.some(({ variant }) => variant === baseline)) {
    throw new Error(`No run of the baseline ${baseline} has finished: ${failed[0]?.message ?? 'there is none.'}`);
  }
  const comparison = comparisonFile(ground.configuration, ground, finished, failed);
  await writeJson(folder.comparison, comparison);
  return { stopped: 'finished', finished: finished.length, planned: planned.length, comparison };
}

/**
 * Reads a run that has its metrics. Its measurements come last: a process that has just finished it is given a moment to write
 * them; one that was killed in that moment leaves none.
 */
async function readEndedRun(folder: ComparisonFolder, run: PlannedRun): Promise<ComparedRun> {
  for (let looks = 0; looks < 20 && !(await exists(folder.measurements(run))); looks++) await sleep(100);
  return readComparedRun(folder, run);
}

/** Milliseconds between two looks at a run that another process works on. */
const lookEvery = 3000;

/** Another process finished a run between the look at it and its lock. */
class EndedElsewhereError extends Error {}

/**
 * Starts a run or continues it, and measures its steps.
 *
 * @throws EndedElsewhereError when another process has just finished it
 */
async function performOne(
  run: PlannedRun,
  { configuration, dataset }: CommonGround,
  folder: ComparisonFolder,
  hooks: ComparisonHooks,
): Promise<RunResult> {
  const files = folder.run(run);
  const path = folder.measurements(run);
  const settings = configurationOfRun(configuration, run, resolve(folder.split));
  const isBegun = await exists(files.configuration);
  const measurements = (isBegun ? await readMeasurements(path) : undefined) ?? {
    parameters: countParameters(networkOptions(settings, dataset)),
    stepSeconds: [],
  };
  const clock = new StepClock(measurements.stepSeconds);
  let hasLock = false;
  const ofRun: RunHooks = {
    ...hooks,
    onLock: () => {
      if (existsSync(files.metrics)) throw new EndedElsewhereError();
      hasLock = true;
      hooks.onRun?.(run);
    },
    onStep: (progress) => {
      clock.step(progress);
      hooks.onStep?.(progress);
    },
  };
  try {
    return isBegun
      ? await resume(files.root, ofRun, storageOptions(settings))
      : await train(settings, files.root, ofRun);
  } finally {
    // A run that was withdrawn has no folder any more, and that of another process is not written to.
    if (hasLock && (await exists(files.configuration))) await writeMeasurements(path, measurements);
  }
}
