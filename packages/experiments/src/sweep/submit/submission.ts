/** An option of the scheduler's own that is passed on to it, such as `partition` with `gpu`. */
export interface SchedulerFlag {
  name: string;
  /** Empty for one that takes no value. */
  value: string;
}

/** Runs of a sweep that are to be sent to a scheduler, and how each is started. */
export interface Submission {
  /** Of the sweep, for the names of jobs. */
  id: string;
  /** The folder of the sweep: an absolute path, the same on every node. */
  folder: string;
  /** Ascending. */
  indices: readonly number[];
  /** What starts a run, for a shell; the index is put behind it. */
  command: string;
  /** Lines for a shell before it, such as `module load`. */
  prologue?: string;
  /** At most so many runs at the same time. */
  parallel?: number;
  /** Passed on to the scheduler. */
  flags: readonly SchedulerFlag[];
  /** How often a run may be started in all, where it fails. */
  attempts: number;
}

/** A run that a scheduler holds: queued, or started. */
export interface QueuedRun {
  index: number;
  /** As the scheduler's own commands take it. */
  job: string;
  /** In the scheduler's word, such as `PENDING`. */
  state: string;
  node?: string;
  /** Why it waits, in the scheduler's word. */
  reason?: string;
}
