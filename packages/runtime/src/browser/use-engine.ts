import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as backend from '@tensorflow/tfjs-backend-wasm';
import { OptionError } from '@interseg/errors';
import { EngineError, shortReason } from '../engine-error.ts';
import type { Engine } from '../types.ts';
import type { WasmPackage } from '../wasm/backend.ts';
import { mostThreads, wasmEngine } from '../wasm/engine.ts';
import { startWasm } from '../wasm/start.ts';
import { coresHere } from './cores.ts';
import { startPlainModule, startThreadedModule } from './modules.ts';
import type { WasmPaths } from './wasm-file.ts';
import { startWebThread } from './web-thread.ts';
import { useWebGpu, type WebGpuEngineOptions } from './webgpu.ts';

const name = 'wasm';

/** Options of the wasm engine in a browser. */
export interface BrowserEngineOptions {
  /** Where the page finds the `.wasm` files of `@tensorflow/tfjs-backend-wasm`. */
  wasmPaths: WasmPaths;
  /** Number of threads, 1 to 8. Defaults to the number of cores, at most 8. */
  threads?: number;
}

let current: { engine: Engine; wanted: number } | undefined;

/**
 * Makes an engine the current backend of TensorFlow.js in a browser, completed with what training needs. `wasm` has
 * threads where the page is cross-origin isolated; elsewhere it has one thread, and its description says why. `webgpu`
 * computes on the GPU, and its tensors can only be read by `await tensor.data()`.
 *
 * @throws EngineError when it cannot run here, or does not find its files
 * @throws OptionError for another engine, or when `threads` is not a whole number from 1 to 8
 */
export async function useEngine(engine: 'wasm', options: BrowserEngineOptions): Promise<Engine>;
export async function useEngine(engine: 'webgpu', options: WebGpuEngineOptions): Promise<Engine>;
export async function useEngine(
  engine: 'wasm' | 'webgpu',
  options: BrowserEngineOptions | WebGpuEngineOptions,
): Promise<Engine> {
  if (engine === 'webgpu') return useWebGpu(options as WebGpuEngineOptions);
  if (engine !== name) {
    throw new OptionError(`The engine is ${JSON.stringify(engine)}, expected wasm or webgpu in a browser.`);
  }
  const { wasmPaths, threads } = options as BrowserEngineOptions;
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1 || threads > mostThreads)) {
    throw new OptionError(`threads is ${threads}, expected a whole number from 1 to ${mostThreads} in a browser.`);
  }
  const wanted = threads ?? Math.min(coresHere(), mostThreads);
  if (current?.wanted === wanted && (await tf.setBackend(name))) return current.engine;
  tf.env().set('PROD', true);
  if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) {
    throw new EngineError(name, 'wasm engine: this browser has no WebAssembly with SIMD; use a newer one.');
  }
  current?.engine.release?.();
  current = { engine: await startWithFallback(wasmPaths, wanted), wanted };
  return current.engine;
}

/** Starts with the requested threads, or with one where that fails; the description then says so. */
async function startWithFallback(paths: WasmPaths, wanted: number): Promise<Engine> {
  let note = '';
  if (wanted > 1) {
    try {
      if (await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT')) return await start(paths, wanted, note);
      note = `${wanted} need a page that is cross-origin isolated`;
    } catch (error) {
      if (error instanceof EngineError) throw error;
      note = `${wanted} threads cannot be had: ${shortReason(error)}`;
    }
  }
  try {
    return await start(paths, 1, note);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw new EngineError(name, `wasm engine: it does not start: ${shortReason(error)}.`, { cause: error });
  }
}

async function start(paths: WasmPaths, threads: number, note: string): Promise<Engine> {
  const running = await (threads > 1 ? startThreadedModule(paths, threads) : startPlainModule(paths));
  const started = await startWasm(backend as unknown as WasmPackage, running, threads, startWebThread);
  const release = (): void => started.release();
  return wasmEngine({ version: backend.version_wasm, threads, note, release }, forget);
}

/** After its release, an engine is no longer the running one. */
function forget(engine: Engine): void {
  if (current?.engine === engine) current = undefined;
}
