import type { Answer, Progress, Request, TaskName, Tasks } from './protocol.ts';

/** A task was stopped. */
export class StoppedError extends Error {}

/** How a task is watched and stopped. */
export interface TaskOptions {
  readonly signal?: AbortSignal;
  /** Is given what stops the task, for those that are stopped part by part. */
  readonly takeStop?: (stop: () => void) => void;
  readonly onProgress?: (progress: Progress) => void;
}

interface Waiting {
  readonly onProgress?: (progress: Progress) => void;
  readonly resolve: (output: never) => void;
  readonly reject: (error: Error) => void;
}

/** The page's side of the worker, in which everything is computed. */
export class WorkClient {
  private readonly worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  private readonly waiting = new Map<number, Waiting>();
  private count = 0;

  constructor() {
    this.worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => this.answer(data));
    this.worker.addEventListener('error', (event) => {
      event.preventDefault();
      const reason = event.message || 'it cannot be loaded';
      for (const { reject } of this.waiting.values()) reject(new Error(`The worker of this page failed: ${reason}.`));
      this.waiting.clear();
    });
  }

  /** Has the worker do a task. @throws StoppedError when the signal ends it, Error with what the worker says otherwise */
  run<Name extends TaskName>(
    task: Name,
    input: Tasks[Name]['input'],
    { signal, takeStop, onProgress }: TaskOptions = {},
  ): Promise<Tasks[Name]['output']> {
    const id = ++this.count;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { onProgress, resolve, reject });
      this.worker.postMessage({ id, task, input } as Request);
      const stop = (): void => this.worker.postMessage({ id, task: 'stop' } satisfies Request);
      signal?.addEventListener('abort', stop);
      takeStop?.(stop);
    });
  }

  private answer(answer: Answer): void {
    const waiting = this.waiting.get(answer.id);
    if (answer.kind === 'progress') return waiting?.onProgress?.(answer.progress);
    this.waiting.delete(answer.id);
    if (answer.kind === 'output') waiting?.resolve(answer.output as never);
    else waiting?.reject(answer.stopped ? new StoppedError('Stopped.') : new Error(answer.message));
  }
}
