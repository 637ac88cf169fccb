import { availableParallelism } from 'node:os';
import { OptionError } from '@interseg/errors';
import { executeTask, type Result, type Task } from './tasks.ts';
import { WorkerPool } from './worker-pool.ts';

/** Does tasks, in this thread or in others. */
export interface TaskExecutor {
  /** How many cases are prepared at once. */
  readonly concurrency: number;
  execute<T extends Task>(task: T): Promise<Result<T>>;
}

const inCallingThread: TaskExecutor = { concurrency: 1, execute: executeTask };

/** Pools that all sources of this process share, by their size. */
const pools = new Map<number, TaskExecutor>();

/** As many threads as there are cores besides the one that trains; 4 at most, as disks do not serve more. */
export function defaultWorkers(): number {
  return Math.min(4, Math.max(1, availableParallelism() - 1));
}

/**
 * What does the tasks of a source.
 *
 * @param workers threads that prepare cases; 0 does everything in the calling thread. One more thread assembles batches, so
 * that a batch never waits for a case.
 * @throws OptionError when `workers` is not a whole number from 0 to 64
 */
export function sharedExecutor(workers: number): TaskExecutor {
  if (!Number.isInteger(workers) || workers < 0 || workers > 64) {
    throw new OptionError(`The option workers is ${workers}, expected a whole number from 0 to 64.`);
  }
  if (workers === 0) return inCallingThread;
  let executor = pools.get(workers);
  if (!executor) {
    const [cases, batches] = [new WorkerPool(workers), new WorkerPool(1)];
    executor = {
      concurrency: workers,
      execute: (task) => (task.kind === 'batch' ? batches : cases).execute(task),
    };
    pools.set(workers, executor);
  }
  return executor;
}
