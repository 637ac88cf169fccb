import { setTimeout as sleep } from 'node:timers/promises';
import { isInputError } from '@interseg/errors';
import { exists, isDiskFull } from '@interseg/files';
import { LockLostError, type LockWait } from '@interseg/training';
import type { SweepRun } from '../sweep/manifest.ts';
import { performSweepRun, type SweepRunHooks } from '../sweep/perform-run.ts';
import { planSweep } from '../sweep/plan-sweep.ts';
import { plannedOf, plannedRuns, type ComparisonConfiguration, type PlannedRun } from '../sweep/sweep-configuration.ts';
import { collect, readEndedRun } from './collect.ts';
import type { ComparedRun } from './compared-run.ts';
import type { ComparisonFile, FailedRun } from './comparison-file.ts';

/** What a comparison tells while it works, besides what each run tells. */
export interface ComparisonHooks extends SweepRunHooks {
  /** Before the first run: all of them, with those that are finished already. */
  onPlan?: (runs: readonly PlannedRun[], finished: readonly ComparedRun[]) => void;
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
  const sweep = await planSweep(configuration, out, hooks);
  if (!sweep) return { stopped: 'interrupted', finished: 0, planned: plannedRuns(configuration).length };
  const { folder, manifest } = sweep;
  const planned = manifest.runs;
  const finished: ComparedRun[] = [];
  const open: SweepRun[] = [];
  for (const run of planned) {
    if (await exists(folder.run(run).metrics)) finished.push(await readEndedRun(folder, run));
    else open.push(run);
  }
  hooks.onPlan?.(planned, finished);
  const interrupted = (): ComparisonResult => {
    return { stopped: 'interrupted', finished: finished.length, planned: planned.length };
  };
  /** @returns what became of the run, which is in `finished` if it has ended well */
  const attempt = async (run: SweepRun, lockWait: LockWait): Promise<'ended' | 'held' | 'interrupted'> => {
    if (hooks.signal?.aborted) return 'interrupted';
    const options = { ...sweep, again: true };
    const outcome = await performSweepRun(run, options, { ...hooks, lockWait }).catch((error: unknown) => {
      // What would make every other run fail, too, ends the comparison.
      const isOfAll = isInputError(error) || isDiskFull(error) || error instanceof LockLostError;
      if (hooks.signal?.aborted || isOfAll) throw error;
      return { ...plannedOf(run), message: error instanceof Error ? error.message : String(error) };
    });
    if ('message' in outcome) {
      hooks.onRunFailed?.(outcome);
      return 'ended';
    }
    if (outcome.state !== 'finished') return outcome.state;
    const compared = await readEndedRun(folder, run);
    finished.push(compared);
    await hooks.onRunEnd?.(compared, folder.run(run).root);
    return 'ended';
  };
  const held: SweepRun[] = [];
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
  const { comparison } = await collect(sweep, { partial: true });
  return { stopped: 'finished', finished: finished.length, planned: planned.length, comparison };
}

/** Milliseconds between two looks at a run that another process works on. */
const lookEvery = 3000;
