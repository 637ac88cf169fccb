import { findWebGpu, useEngine, type Engine } from '@interseg/runtime/browser';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import type { Engines } from './choose-engine.ts';

const wasmPaths = { 'tfjs-backend-wasm-simd.wasm': simd, 'tfjs-backend-wasm-threaded-simd.wasm': threadedSimd };

/** The engines of this browser. */
export const engines: Engines = {
  async wasm(threads?: number): Promise<Engine> {
    const absolute = Object.entries(wasmPaths).map(([name, path]) => [name, new URL(path, import.meta.url).href]);
    return useEngine('wasm', { wasmPaths: Object.fromEntries(absolute) as typeof wasmPaths, threads });
  },
  // Large, and of use only where there is a GPU.
  webgpu: () => useEngine('webgpu', { backend: () => import('@tensorflow/tfjs-backend-webgpu') }),
  findWebGpu,
};
