import { Worker } from 'node:worker_threads';

/** The beat of a lock, which a thread of its own counts: a long step or a large volume may keep the main thread busy for minutes. */
export interface LockBeat {
  /** Whether the thread found another lock, or none, where its own was. */
  readonly isLost: boolean;
  stop(): Promise<void>;
}

/**
 * The program of the thread; as text, so that bundles need no second file. The file is opened, looked into and then written
 * in place: where another process has put its own lock under the name in between, this writes to the old one, which has no
 * name any more. Renaming a new file into place would take the lock away from the other process.
 */
const program = `
const { closeSync, fsyncSync, openSync, readFileSync, writeSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
const { path, token, beatSeconds } = workerData;
const timer = setInterval(() => {
  let file;
  try {
    file = openSync(path, 'r+');
    const holder = JSON.parse(readFileSync(file, 'utf8'));
    if (holder.token !== token) return lose();
    holder.beat++;
    writeSync(file, JSON.stringify(holder) + '\\n', 0);
    fsyncSync(file);
  } catch (error) {
    // Anything else may pass, as when a server is away for a while.
    if (error.code === 'ENOENT') lose();
  } finally {
    if (file !== undefined) closeSync(file);
  }
}, 1000 * beatSeconds);
function lose() {
  clearInterval(timer);
  parentPort.postMessage('lost');
}
`;

/** Starts to count the beat of a lock up. */
export function startBeat(path: string, { token, beatSeconds }: { token: string; beatSeconds: number }): LockBeat {
  const worker = new Worker(program, { eval: true, execArgv: [], workerData: { path, token, beatSeconds } });
  let isLost = false;
  worker.on('message', () => (isLost = true));
  // A thread that cannot run leaves the lock silent; whoever writes looks first whether it is still there.
  worker.on('error', () => undefined);
  worker.unref();
  return {
    get isLost() {
      return isLost;
    },
    stop: async () => void (await worker.terminate()),
  };
}
