import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { EngineError, shortReason } from '../engine-error.ts';
import { refuseSecondCore } from '../one-core.ts';
import { folderOf, load, requireOf, versionOf } from '../packages.ts';
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

function threadsOf(wanted: number | undefined): number {
  return wanted ?? Math.min(availableParallelism(), mostThreads);
}

let current: { engine: Engine; wanted: number } | undefined;

/** TensorFlow.js's WebAssembly backend, with threads in Node and with the kernels that training needs. */
export const wasm: Driver = {
  name,
  async status() {
    const version = versionOf(packageName);
    if (version === undefined) return { name, available: false, reason: missing, training: false };
    const description = current?.engine.description ?? describeWasm(threadsOf(undefined));
    return { name, available: true, version, description, training: true };
  },
  async start({ threads }) {
    const wanted = threadsOf(threads);
    if (current?.wanted === wanted && (await tf.setBackend(name))) return current.engine;
    const folder = folderOf(packageName);
    if (folder === undefined) throw new EngineError(name, missing);
    const backend = load<WasmPackage>(packageName);
    try {
      refuseSecondCore(requireOf(packageName) as NodeJS.Require, packageName);
    } catch (error) {
      throw new EngineError(name, `wasm engine: ${shortReason(error)}.`, { cause: error });
    }
    current?.engine.release?.();
    current = { engine: await startWithFallback(backend, folder, wanted), wanted };
    return current.engine;
  },
};

/** Starts with the threads wanted, or with one where they cannot be had, which the description then tells. */
async function startWithFallback(backend: WasmPackage, folder: string, wanted: number): Promise<Engine> {
  try {
    return await start(backend, folder, wanted);
  } catch (error) {
    if (wanted > 1) {
      try {
        return await start(backend, folder, 1, `${wanted} threads cannot be had: ${shortReason(error)}`);
      } catch {
        // the first reason is the one to tell
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

/** An engine that was given back is not the running one any more. */
function forget(engine: Engine): void {
  if (current?.engine === engine) current = undefined;
}
