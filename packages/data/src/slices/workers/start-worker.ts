import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { DataError } from '@interseg/errors';
import { exists } from '@interseg/files';

/** The name of the built `worker-thread.ts`, in the folder of the bundle that contains this module. */
const builtName = 'worker-thread.js';

let program: Promise<string> | undefined;

/** Starts a worker thread from the built package or from the sources. It does not keep the process alive. */
export async function startWorker(): Promise<Worker> {
  const worker = import.meta.url.endsWith('.ts') ? await fromSource() : await fromPackage();
  worker.unref();
  return worker;
}

async function fromSource(): Promise<Worker> {
  // Not a literal, so that bundlers ignore it.
  const source = new URL('./worker-from-source.mjs', import.meta.url).href;
  program ??= import(/* @vite-ignore */ source).then(({ workerProgram }: { workerProgram: () => Promise<string> }) =>
    workerProgram(),
  );
  return new Worker(await program, { eval: true });
}

async function fromPackage(): Promise<Worker> {
  const url = new URL(`./${builtName}`, import.meta.url);
  if (!(await exists(fileURLToPath(url)))) {
    throw new DataError(
      `${fileURLToPath(url)}: no such file, expected the worker thread of @interseg/data there: keep the package's files together, or set the option workers to 0.`,
    );
  }
  return new Worker(url);
}
