import type { PlannedSweep } from '../plan-sweep.ts';
import { isOpen, readStandings } from '../run-states.ts';
import { RayCluster } from './ray.ts';
import { slurmQueue } from './slurm.ts';
import { readSubmissions } from './submission-files.ts';
import type { QueuedRun } from './submission.ts';

/** The runs of a sweep that are to be sent to an engine, and why others are not. */
export interface RunSelection {
  /** Of the runs to send, ascending. */
  indices: number[];
  finished: number;
  /** The engine holds them already. */
  queued: number;
  /** A process works on them that the engine does not know of. */
  running: number;
  /** Their input was at fault. */
  refused: number;
}

/** Chooses the runs of a sweep to send to an engine: all that are open and not in its queue. */
export async function selectRuns(
  { folder, configuration, manifest }: Pick<PlannedSweep, 'folder' | 'configuration' | 'manifest'>,
  queue: readonly QueuedRun[],
): Promise<RunSelection> {
  const inQueue = new Set(queue.map(({ index }) => index));
  const selection: RunSelection = { indices: [], finished: 0, queued: 0, running: 0, refused: 0 };
  const standings = await readStandings(folder, manifest.runs, { silence: configuration.lockSilence });
  for (const { run, state } of standings) {
    if (state === 'finished') selection.finished++;
    else if (inQueue.has(run.index)) selection.queued++;
    else if (isOpen(state)) selection.indices.push(run.index);
    else if (state === 'refused') selection.refused++;
    else selection.running++;
  }
  return selection;
}

/** What the engines say that a sweep was sent to. */
export interface SweepQueue {
  /** How many engines with a queue it was sent to. */
  asked: number;
  queued: QueuedRun[];
  /** Why an engine could not be asked, in one sentence each. */
  problems: string[];
}

/**
 * Asks the engines that a sweep was sent to for its runs. To be shown beside the state of the run folders, never in its place:
 * an engine may be away, or have forgotten.
 *
 * @param timeout seconds to wait for each
 */
export async function readQueue(
  { folder, manifest }: Pick<PlannedSweep, 'folder' | 'manifest'>,
  { timeout = 5 }: { timeout?: number } = {},
): Promise<SweepQueue> {
  const sent = await readSubmissions(folder.root);
  const rays = new Set(sent.flatMap(({ on, address }) => (on === 'ray' && address ? [address] : [])));
  const { id, runs } = manifest;
  const asked = await Promise.allSettled([
    ...(sent.some(({ on }) => on === 'slurm') ? [slurmQueue(id, runs.length, timeout)] : []),
    ...[...rays].map((address) => new RayCluster(address, timeout).queue(id)),
  ]);
  return {
    asked: asked.length,
    queued: asked.flatMap((one) => (one.status === 'fulfilled' ? one.value : [])),
    problems: asked.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).message] : [])),
  };
}
