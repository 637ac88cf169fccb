import { readdir, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { lookAtLock, runFolder, type LockHolder } from '@interseg/training';
import { readFailure, type RunFailure } from './failure-file.ts';
import type { SweepRun } from './manifest.ts';
import { mapAtOnce } from './map-at-once.ts';
import type { ComparisonFolder } from './sweep-folder.ts';

/**
 * How a run of a sweep stands:
 * - `finished`: its metrics are there;
 * - `running`: a process has its lock, and has given a sign of life lately;
 * - `silent`: a process has its lock, and has given none for as long as a run may be silent: its host may have been lost;
 * - `refused`: its input was at fault, so it is not tried again by itself;
 * - `failed`: its last attempt failed, and the next one may not;
 * - `interrupted`: it has begun, and nobody works on it;
 * - `waiting`: it has not begun.
 */
export type RunState = 'finished' | 'running' | 'silent' | 'refused' | 'failed' | 'interrupted' | 'waiting';

/** A run of a sweep with its state. */
export interface RunStanding {
  run: SweepRun;
  state: RunState;
  /** Whether it has ended an epoch. */
  hasHistory: boolean;
  /** Why the last attempt failed; only where the run is `refused` or `failed`. */
  failure?: RunFailure;
  /** The process that has the lock; only where the run is `running` or `silent`. */
  holder?: LockHolder;
  /** Seconds since it gave a sign of life, by the times of files; only where the run is `running` or `silent`. */
  quiet?: number;
}

/** Whether a run in a state is to be started: by an engine that has not queued it already. */
export function isOpen(state: RunState): boolean {
  return state === 'silent' || state === 'failed' || state === 'interrupted' || state === 'waiting';
}

/**
 * Looks at the folders of runs, and at nothing else: no scheduler, no other host. Whether a lock is silent is told by the times
 * of files and this host's clock, which is good enough to tell people, and to start a run again: whoever starts it watches the
 * lock on its own clock before it takes it.
 *
 * @param silence seconds without a sign of life after which a lock counts as silent (`lockSilence` of the settings)
 * @returns in the order of the runs
 */
export async function readStandings(
  folder: ComparisonFolder,
  runs: readonly SweepRun[],
  { silence, now = Date.now }: { silence: number; now?: () => number },
): Promise<RunStanding[]> {
  const begun = new Set(await readdir(folder.runsFolder).catch(() => []));
  return mapAtOnce(runs, async (run): Promise<RunStanding> => {
    return begun.has(run.name)
      ? { run, ...(await standingOf(folder, run, { silence, now })) }
      : { run, state: 'waiting', hasHistory: false };
  });
}

const names = runFolder('');

async function standingOf(
  folder: ComparisonFolder,
  run: SweepRun,
  { silence, now }: { silence: number; now: () => number },
): Promise<Omit<RunStanding, 'run'>> {
  const { root, lock } = folder.run(run);
  const files = new Set(await readdir(root).catch(() => []));
  const hasHistory = files.has(names.history);
  if (files.has(names.metrics)) return { state: 'finished', hasHistory };
  if (files.has(names.lock)) {
    const [touched, look] = [await stat(lock).catch(() => undefined), await lookAtLock(lock)];
    if (touched && look && !look.isDead) {
      const quiet = Math.max(0, (now() - touched.mtimeMs) / 1000);
      return { state: quiet > silence ? 'silent' : 'running', hasHistory, holder: look.holder, quiet };
    }
  }
  if (files.has(basename(folder.failure(run)))) {
    const failure = await readFailure(folder, run);
    if (failure) return { state: failure.badInput ? 'refused' : 'failed', hasHistory, failure };
  }
  return { state: files.has(names.configuration) ? 'interrupted' : 'waiting', hasHistory };
}
