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

const name = 'wasm';

/** How the wasm engine starts in a browser. */
export interface BrowserEngineOptions {
  /** Where the page finds the `.wasm` files of `@tensorflow/tfjs-backend-wasm`. */
  wasmPaths: WasmPaths;
  /** How many threads compute, 1 to 8; the number of cores, at most 8, unless told. */
  threads?: number;
}

let current: { engine: Engine; wanted: number } | undefined;

/**
 * Makes the wasm engine TensorFlow.js's current backend in a browser, completed with what training needs. With threads
 * where the page is cross-origin isolated; where it is not, the engine has one, and its description says why.
 *
 * @throws EngineError when it cannot run here, or does not find its files
 * @throws OptionError for another engine, or when `threads` is no whole number from 1 to 8
 */
export async function useEngine(engine: 'wasm', options: BrowserEngineOptions): Promise<Engine> {
  if (engine !== name) {
    throw new OptionError(`The engine is ${JSON.stringify(engine)}; in a browser it must be wasm.`);
  }
  const { wasmPaths, threads } = options;
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1 || threads > mostThreads)) {
    throw new OptionError(`threads is ${threads}; in a browser it must be a whole number from 1 to ${mostThreads}.`);
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

/** Starts with the threads wanted, or with one where they cannot be had, which the description then tells. */
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

/** An engine that was given back is not the running one any more. */
function forget(engine: Engine): void {
  if (current?.engine === engine) current = undefined;
}
