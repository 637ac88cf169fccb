import { type SimdThread, type SimdThreadData, threadFunction } from '../wasm/simd/thread.ts';
import { host } from './host.ts';

const script = `onmessage = ({ data }) => (${threadFunction})(data, () => postMessage('ready'));`;

/** Starts a worker in the browser. */
export async function startWebThread(data: SimdThreadData): Promise<SimdThread> {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  try {
    const worker = new host.Worker(url);
    await new Promise<void>((resolve, reject) => {
      worker.onmessage = () => resolve();
      worker.onerror = ({ message }) => reject(new Error(message ?? 'a worker does not start'));
      worker.postMessage(data);
    });
    return { terminate: () => worker.terminate() };
  } finally {
    URL.revokeObjectURL(url);
  }
}
