import { availableParallelism } from 'node:os';
import { OptionError } from '@interseg/errors';
import { formatOf } from '../../cases/image-format.ts';
import { executeTask, type Result, type Task } from './tasks.ts';
import { WorkerPool } from './worker-pool.ts';

/** Executes tasks, in the calling thread or in worker threads. */
export interface TaskExecutor {
  /** The number of cases that are prepared at the same time. */
  readonly concurrency: number;
  execute<T extends Task>(task: T): Promise<Result<T>>;
}

const inCallingThread: TaskExecutor = { concurrency: 1, execute: executeTask };

/** The executors with threads, by their number of threads, which all sources of this process share. */
const pools = new Map<number, TaskExecutor>();

/** Whether a file of a case is of a format that was registered in this thread. */
async function needsFormat(task: Task): Promise<boolean> {
  if (task.kind === 'batch') return false;
  const { images, label } = task.item;
  for (const path of label === undefined ? images : [...images, label]) {
    if (await formatOf(path)) return true;
  }
  return false;
}

/** The default number of threads: one for each core except the one that trains, but at most 4, as disks limit more. */
export function defaultWorkers(): number {
  return Math.min(4, Math.max(1, availableParallelism() - 1));
}

/**
 * The executor with a number of threads.
 *
 * @param workers the number of threads that prepare cases; one more assembles batches, so that a batch never waits for a
 * case. With 0, everything happens in the calling thread.
 * @throws OptionError if `workers` is not a whole number from 0 to 64
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
      execute: async (task) => {
        // Other threads know no registered formats.
        if (await needsFormat(task)) return executeTask(task);
        return (task.kind === 'batch' ? batches : cases).execute(task);
      },
    };
    pools.set(workers, executor);
  }
  return executor;
}
