import type { Worker } from 'node:worker_threads';
import { unpackError, type Answer } from './messages.ts';
import { startWorker } from './start-worker.ts';
import { describeSubject, type Result, type Task } from './tasks.ts';

interface Job {
  task: Task;
  resolve: (result: never) => void;
  reject: (error: Error) => void;
}

/**
 * Worker threads that execute tasks in the order in which they arrive, each one task at a time. Threads start when they are
 * first needed and stay; an idle thread does not keep the process alive. If a thread dies, for example of lack of memory,
 * its task fails and another thread replaces it.
 */
export class WorkerPool {
  private readonly waiting: Job[] = [];
  private readonly idle: Worker[] = [];
  /** The job of each thread that is working. */
  private readonly busy = new Map<Worker, Job>();
  private started = 0;
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
  }

  /** Executes a task in one of the threads. @throws what the task throws, naming its file */
  execute<T extends Task>(task: T): Promise<Result<T>> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ task, resolve, reject });
      this.assign();
    });
  }

  private assign(): void {
    if (this.waiting.length === 0) return;
    const worker = this.idle.pop();
    if (worker) {
      this.dispatch(worker, this.waiting.shift()!);
    } else if (this.started < this.size) {
      this.started++;
      const job = this.waiting.shift()!;
      startWorker().then(
        (fresh) => this.onStart(fresh, job),
        (error: Error) => {
          this.started--;
          job.reject(error);
          this.assign();
        },
      );
    }
  }

  private onStart(worker: Worker, job: Job): void {
    worker.on('message', (answer: Answer) => this.onMessage(worker, answer));
    let reason: string | undefined;
    worker.on('error', (error: Error) => (reason = error.message));
    worker.on('exit', (code) => this.onExit(worker, reason ?? `exit ${code}`));
    this.dispatch(worker, job);
  }

  private dispatch(worker: Worker, job: Job): void {
    this.busy.set(worker, job);
    worker.ref();
    worker.postMessage(job.task);
  }

  private onMessage(worker: Worker, answer: Answer): void {
    const job = this.busy.get(worker);
    this.busy.delete(worker);
    worker.unref();
    this.idle.push(worker);
    if ('error' in answer) job?.reject(unpackError(answer.error));
    else job?.resolve(answer.result as never);
    this.assign();
  }

  private onExit(worker: Worker, reason: string): void {
    this.started--;
    if (this.idle.includes(worker)) this.idle.splice(this.idle.indexOf(worker), 1);
    const job = this.busy.get(worker);
    this.busy.delete(worker);
    job?.reject(new Error(`${describeSubject(job.task)}: the thread that worked on it ended (${reason}).`));
    this.assign();
  }
}
