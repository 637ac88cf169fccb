import { useEngine, type Engine } from '@interseg/runtime/browser';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';

const wasmPaths = { 'tfjs-backend-wasm-simd.wasm': simd, 'tfjs-backend-wasm-threaded-simd.wasm': threadedSimd };

/** Starts what computes, with as many threads as the page may have unless told. A second call gives the same. */
export async function startEngine(threads?: number): Promise<Engine> {
  const absolute = Object.entries(wasmPaths).map(([name, path]) => [name, new URL(path, import.meta.url).href]);
  return useEngine('wasm', { wasmPaths: Object.fromEntries(absolute) as typeof wasmPaths, threads });
}
