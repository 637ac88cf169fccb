import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { EngineError, shortReason } from '../engine-error.ts';
import { refuseSecondCore } from '../one-core.ts';
import { findPackageFolder, load, findRequire, findPackageVersion } from '../packages.ts';
import type { Engine } from '../types.ts';
import type { WasmPackage } from '../wasm/backend.ts';
import { describeWasm, mostThreads, wasmEngine } from '../wasm/engine.ts';
import { startNodeThread } from '../wasm/simd/node-thread.ts';
import { startWasm } from '../wasm/start.ts';
import { startThreadedModule } from '../wasm/threaded-module.ts';
import type { Driver } from './driver.ts';

const name = 'wasm';
const packageName = '@tensorflow/tfjs-backend-wasm';
const missing = `wasm engine: the package ${packageName} is not installed; npm install ${packageName}.`;

function countThreads(wanted: number | undefined): number {
  return wanted ?? Math.min(availableParallelism(), mostThreads);
}

let current: { engine: Engine; wanted: number } | undefined;

/** TensorFlow.js's WebAssembly backend, with threads in Node and with the kernels that training needs. */
export const wasm: Driver = {
  name,
  async status() {
    const version = findPackageVersion(packageName);
    if (version === undefined) return { name, available: false, reason: missing, training: false };
    const description = current?.engine.description ?? describeWasm(countThreads(undefined));
    return { name, available: true, version, description, training: true };
  },
  async start({ threads }) {
    const wanted = countThreads(threads);
    if (current?.wanted === wanted && (await tf.setBackend(name))) return current.engine;
    const folder = findPackageFolder(packageName);
    if (folder === undefined) throw new EngineError(name, missing);
    const backend = load<WasmPackage>(packageName);
    try {
      refuseSecondCore(findRequire(packageName)!, packageName);
    } catch (error) {
      throw new EngineError(name, `wasm engine: ${shortReason(error)}.`, { cause: error });
    }
    current?.engine.release?.();
    current = { engine: await startWithFallback(backend, folder, wanted), wanted };
    return current.engine;
  },
};

/** Starts with the requested threads, or with one where that fails; the description then says so. */
async function startWithFallback(backend: WasmPackage, folder: string, wanted: number): Promise<Engine> {
  try {
    return await start(backend, folder, wanted);
  } catch (error) {
    if (wanted > 1) {
      try {
        return await start(backend, folder, 1, `${wanted} threads cannot be had: ${shortReason(error)}`);
      } catch {
        // report the first reason
      }
    }
    throw new EngineError(name, `wasm engine: ${packageName} does not start: ${shortReason(error)}.`, { cause: error });
  }
}

async function start(backend: WasmPackage, folder: string, threads: number, note = ''): Promise<Engine> {
  const started = await startWasm(backend, await startThreadedModule(folder, threads), threads, startNodeThread);
  const release = (): void => started.release();
  return wasmEngine({ version: backend.version_wasm, threads, note, release }, forget);
}

/** After its release, an engine is no longer the running one. */
function forget(engine: Engine): void {
  if (current?.engine === engine) current = undefined;
}
