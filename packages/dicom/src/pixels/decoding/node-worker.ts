import { Worker } from 'node:worker_threads';
import type { DecodeReply, DecodeWorker } from './decode-worker.ts';

/** Starts a worker in Node; it does not keep the process alive while it has nothing to do. */
export function startNodeWorker(): DecodeWorker {
  const thread = new Worker(new URL('./decode-worker-node.js', import.meta.url), {
    // What codecs print is no output of the program.
    stdout: true,
    stderr: true,
    // Without the flags of this process, such as those of a test runner.
    execArgv: [],
  });
  const worker: DecodeWorker = {
    send: (job) => thread.postMessage(job),
    onReply: () => {},
    stop: () => void thread.terminate(),
  };
  thread.on('message', (reply: DecodeReply) => worker.onReply(reply));
  thread.on('error', (error) => worker.onReply({ failure: String(error) }));
  thread.on('exit', () => worker.onReply({ failure: 'the decoder ended' }));
  return worker;
}
