import { parentPort } from 'node:worker_threads';
import { packError, type Answer } from './messages.ts';
import { executeTask, transferable, type Task } from './tasks.ts';

// The program of a worker thread: it executes one task after the other.
parentPort?.on('message', (task: Task) => {
  executeTask(task).then(
    (result) => parentPort?.postMessage({ result } satisfies Answer, transferable(result)),
    (error: unknown) => parentPort?.postMessage({ error: packError(error, task) } satisfies Answer),
  );
});
