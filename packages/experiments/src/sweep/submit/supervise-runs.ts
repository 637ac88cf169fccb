/** How one start of a run has ended. */
export type RunEnd =
  /** With an exit status of its own. */
  | { how: 'exit'; status: number }
  /** Without one: it was killed, or its host was lost. */
  | { how: 'lost'; reason?: string }
  /** As it was told to, by this process or somebody else. */
  | { how: 'stopped' };

/** How runs are done side by side on this host. */
export interface Supervision {
  /** At most so many runs at the same time. */
  parallel: number;
  /** How often a run may be started in all. */
  attempts: number;
  /** Aborting it starts no more runs. */
  signal?: AbortSignal;
  /** Told of each end, and whether the run will be started again. */
  onEnd?: (index: number, end: RunEnd, again: boolean) => void;
}

/** Exit statuses after which a run is not started again. */
const final = {
  /** Finished. */
  done: 0,
  /** Another start would fail as this one did. */
  badInput: 2,
  /** Another process goes on with the run. */
  lockLost: 76,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

/**
 * Keeps a number of runs going until each has ended for good: one that failed or was lost is started again, at the end of the
 * queue, up to so many times.
 *
 * @param start starts the run of an index, and waits for its end
 * @returns the last end of each run that was started
 */
export async function superviseRuns(
  indices: readonly number[],
  { parallel, attempts, signal, onEnd }: Supervision,
  start: (index: number) => Promise<RunEnd>,
): Promise<Map<number, RunEnd>> {
  const queue = [...indices];
  const starts = new Map<number, number>();
  const ends = new Map<number, RunEnd>();
  const waiting: (() => void)[] = [];
  let active = 0;
  const work = async (): Promise<void> => {
    for (;;) {
      // A run that is still going on may come back into the queue.
      while (queue.length === 0 && active > 0) await new Promise<void>((resolve) => waiting.push(resolve));
      const index = signal?.aborted ? undefined : queue.shift();
      if (index === undefined) break;
      starts.set(index, (starts.get(index) ?? 0) + 1);
      active++;
      try {
        const end = await start(index);
        ends.set(index, end);
        const again = mayStartAgain(end) && starts.get(index)! < attempts && !signal?.aborted;
        if (again) queue.push(index);
        onEnd?.(index, end, again);
      } finally {
        active--;
        for (const wake of waiting.splice(0)) wake();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, indices.length) }, work));
  return ends;
}

function mayStartAgain(end: RunEnd): boolean {
  if (end.how === 'exit') return !Object.values<number>(final).includes(end.status);
  return end.how === 'lost';
}
