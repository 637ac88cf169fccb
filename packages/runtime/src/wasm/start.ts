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
import type { RunningModule } from './running-module.ts';
import { Simd } from './simd/simd.ts';
import type { StartSimdThread } from './simd/thread.ts';

/** Starts the wasm backend on a running module with InterSeg's kernels, and makes it the current one. */
export async function startWasm(
  wasm: WasmPackage,
  running: RunningModule,
  threads: number,
  startThread: StartSimdThread,
): Promise<{ release(): void }> {
  const simd = await Simd.start(running, threads, startThread);
  wasm.setThreadsCount(threads);
  if ((findBackendFactory('wasm') ?? undefined) !== undefined) removeBackend('wasm');
  registerBackend('wasm', () => new wasm.BackendWasm(running.module), 3);
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
