import {
  findBackend,
  findBackendFactory,
  registerBackend,
  removeBackend,
  setBackend,
  ready,
  backend as currentBackend,
} from '@tensorflow/tfjs-core';
import type { WasmBackend, WasmPackage } from './backend.ts';
import { attachSimd, installKernels } from './kernel.ts';
import { trainingKernels } from './kernels/index.ts';
import { guardMemory } from './memory-guard.ts';
import { Simd } from './simd/simd.ts';
import { startThreadedModule } from './threaded-module.ts';

/** Starts the backend of `wasm`, found in `folder`, with that many threads and our kernels, and makes it the current one. */
export async function startWasm(wasm: WasmPackage, folder: string, threads: number): Promise<{ release(): void }> {
  const threaded = await startThreadedModule(folder, threads);
  const simd = await Simd.start(threaded, threads);
  wasm.setThreadsCount(threads);
  if ((findBackendFactory('wasm') ?? undefined) !== undefined) removeBackend('wasm');
  registerBackend('wasm', () => new wasm.BackendWasm(threaded.module), 3);
  installKernels(trainingKernels);
  await setBackend('wasm');
  await ready();
  const backend = currentBackend() as WasmBackend;
  attachSimd(backend, simd);
  guardMemory(backend);
  return {
    release() {
      if (findBackend('wasm') === backend) removeBackend('wasm');
      simd.release();
    },
  };
}
