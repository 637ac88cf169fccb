declare module '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js' {
  /** The script of the threads, as text. */
  export const wasmWorkerContents: string;
}

declare module '@tensorflow/tfjs-core/dist/register_all_gradients.js' {}
