import { Worker } from 'node:worker_threads';
import { type SimdThread, type SimdThreadData, threadFunction } from './thread.ts';

const script = `
const { parentPort, workerData } = require('node:worker_threads');
(${threadFunction})(workerData, () => parentPort.postMessage('ready'));
`;

/** Starts a worker in Node that does not keep the process alive. */
export async function startNodeThread(data: SimdThreadData): Promise<SimdThread> {
  const worker = new Worker(script, { eval: true, workerData: data });
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });
  worker.unref();
  return { terminate: () => void worker.terminate() };
}
