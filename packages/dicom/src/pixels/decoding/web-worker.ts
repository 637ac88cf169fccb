import type { DecodeJob, DecodeReply, DecodeWorker } from './decode-worker.ts';

/** The part of the workers of browsers that is used; the types of browsers are not loaded. */
declare const Worker: new (
  url: URL,
  options: { type: 'module' },
) => {
  postMessage(job: DecodeJob): void;
  terminate(): void;
  onmessage: (event: { data: DecodeReply }) => void;
  onerror: (event: { message?: string }) => void;
};

/** Starts a worker in a browser. */
export function startWebWorker(): DecodeWorker {
  const thread = new Worker(new URL('./decode-worker-browser.js', import.meta.url), { type: 'module' });
  const worker: DecodeWorker = {
    send: (job) => thread.postMessage(job),
    onReply: () => {},
    stop: () => thread.terminate(),
  };
  thread.onmessage = ({ data }) => worker.onReply(data);
  thread.onerror = (event) => worker.onReply({ failure: event.message || 'the decoder cannot be loaded' });
  return worker;
}
