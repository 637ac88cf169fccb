// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- no module to import: it declares others' modules
/// <reference path="./backend-files.d.ts" />
import plainFactory from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js';
import threadedFactory from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js';
import { wasmWorkerContents } from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js';
import type { WasmModule } from '../wasm/backend.ts';
import { describeEntries, type RunningModule } from '../wasm/running-module.ts';
import { sharedMemory, type WasmMemory } from '../wasm/web-assembly.ts';
import { pretendCores } from './cores.ts';
import { fetchWasm, type WasmPaths } from './wasm-file.ts';

type Factory = (options: Record<string, unknown>) => Promise<WasmModule & { readonly asm: { memory: WasmMemory } }>;

/** The script from which every thread of Emscripten starts, and the name that it looks for there. */
function scripts(): { main: Blob; worker: string } {
  const main = `var WasmBackendModuleThreadedSimd = ${String(threadedFactory)}`;
  // A line break within the text belongs to a string in the script.
  const worker = wasmWorkerContents.replace(/\n/g, '\\n');
  const type = 'text/javascript';
  return { main: new Blob([main], { type }), worker: URL.createObjectURL(new Blob([worker], { type })) };
}

/** Starts the backend's SIMD build for one thread. */
export async function startPlainModule(paths: WasmPaths): Promise<RunningModule> {
  const wasmBinary = await fetchWasm(paths, 'tfjs-backend-wasm-simd.wasm');
  const module = await (plainFactory as unknown as Factory)({ wasmBinary });
  module.tfjs = describeEntries(module);
  return { module, memory: module.asm.memory };
}

/** Starts the backend's threaded SIMD build unchanged; it brings eight workers, which sleep when they are not needed. */
export async function startThreadedModule(paths: WasmPaths, threads: number): Promise<RunningModule> {
  const wasmBinary = await fetchWasm(paths, 'tfjs-backend-wasm-threaded-simd.wasm');
  const memory = sharedMemory();
  const { main, worker } = scripts();
  let restoreCores = (): void => {};
  try {
    const module = await (threadedFactory as unknown as Factory)({
      wasmBinary,
      wasmMemory: memory,
      mainScriptUrlOrBlob: main,
      // Between these two, which follow each other at once, the module counts the cores.
      preRun: () => (restoreCores = pretendCores(2 * threads)),
      onRuntimeInitialized: () => restoreCores(),
      locateFile: (file: string) => (file.endsWith('.worker.js') ? worker : file),
    });
    module.tfjs = describeEntries(module);
    return { module, memory };
  } finally {
    restoreCores();
    URL.revokeObjectURL(worker);
  }
}
