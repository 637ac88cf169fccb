import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import { Worker } from 'node:worker_threads';
import type { WasmModule } from './backend.ts';
import { describeEntries, type RunningModule } from './running-module.ts';
import { sharedMemory } from './web-assembly.ts';

const scriptName = 'tfjs-backend-wasm-threaded-simd.js';

/**
 * Starts the threaded SIMD build of the backend in Node, where the package itself never uses it, as that is for
 * browsers. Emscripten's script gets its own `process`, `os` and `Worker`, so that it installs no listeners for
 * uncaught exceptions, defines no global `Worker`, does not keep the process alive, and uses the requested number of
 * threads: the original halves the number of cores.
 */
export async function startThreadedModule(packageFolder: string, threads: number): Promise<RunningModule> {
  const script = join(packageFolder, 'wasm-out', scriptName);
  const source = adapt(readFileSync(script, 'utf8'), threads);
  const require = createRequire(script);
  const memory = sharedMemory();
  const worker = workerUrl(packageFolder, require);
  const factory = runScript(source, script, require, threads);
  const keepAlive = setInterval(() => {}, 1000);
  try {
    const module = await factory({
      wasmMemory: memory,
      mainScriptUrlOrBlob: script,
      locateFile: (file: string) => (file.endsWith('.worker.js') ? worker : join(packageFolder, 'dist', file)),
    });
    module.tfjs = describeEntries(module);
    return { module, memory };
  } finally {
    clearInterval(keepAlive);
  }
}

/** The script with a worker for each further thread; the original has 8, and waits for at least one. */
function adapt(source: string, threads: number): string {
  const changes = [
    ['pthreadPoolSize=8', `pthreadPoolSize=${threads - 1}`],
    [
      'numWorkersToLoad=PThread.unusedWorkers.length;',
      '$&if(numWorkersToLoad===0)removeRunDependency("wasm-instantiate");',
    ],
  ] as const;
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`its script ${scriptName} is of an unknown make`);
    return text.replace(from, to);
  }, source);
}

type Factory = (options: Record<string, unknown>) => Promise<WasmModule>;

function runScript(source: string, script: string, require: NodeJS.Require, threads: number): Factory {
  const process_ = Object.create(process, {
    on: { value: () => undefined },
    listeners: { value: () => [] },
  }) as NodeJS.Process;
  // The C++ code uses at most half of the reported cores.
  const os = { cpus: () => new Array(2 * threads).fill({}) };
  const require_ = (id: string): unknown =>
    id === 'os' ? os : id === 'worker_threads' ? { Worker: BackgroundWorker } : require(id);
  const names = ['module', 'exports', 'require', '__filename', '__dirname', 'process', 'global', 'Worker'];
  const holder: { exports: unknown } = { exports: {} };
  const run = compileFunction(source, names, { filename: script });
  run(holder, holder.exports, require_, script, dirname(script), process_, {}, BackgroundWorker);
  return holder.exports as Factory;
}

/** A worker that never keeps the process alive: Emscripten calls `ref` on each thread that it starts. */
class BackgroundWorker extends Worker {
  constructor(url: URL) {
    super(url, { stdout: false, stderr: false });
    super.unref();
  }

  override ref(): void {}
}

/**
 * The script of the threads as a `data:` URL, which needs no file. It is a CommonJS script, a string in the package,
 * and a `data:` URL is a module, so it needs `require` and `__filename`.
 */
function workerUrl(packageFolder: string, require: NodeJS.Require): URL {
  const file = join(packageFolder, 'wasm-out', 'tfjs-backend-wasm-threaded-simd.worker.js');
  const { wasmWorkerContents } = require(file) as { wasmWorkerContents: string };
  const head =
    `import { createRequire } from 'node:module';` +
    `const __filename = ${JSON.stringify(file)}; const require = createRequire(__filename);`;
  const body = wasmWorkerContents.replace(/\n/g, '\\n');
  return new URL(`data:text/javascript;base64,${Buffer.from(head + body).toString('base64')}`);
}
