/** The engines, best first. */
export type EngineName = 'native' | 'webgpu' | 'wasm' | 'cpu';

/** The current engine: TensorFlow.js's current backend, completed for training. */
export interface Engine {
  readonly name: EngineName;
  /** A description for people, such as `wasm (SIMD, 2 threads)`; it also names a fall-back. */
  readonly description: string;
  /** The version of the package with the engine. */
  readonly version: string;
  /** Number of threads that compute. */
  readonly threads: number;
  /** The device that computes: `cpu`, or the name of an accelerator. */
  readonly device: string;
  /** Releases the engine's memory and threads; its tensors are lost. */
  release?(): void;
}

/** The status of one engine, as {@link engines} reports it. */
export interface EngineStatus {
  readonly name: EngineName;
  readonly available: boolean;
  /** Why it is not available, and what to do, in one sentence. */
  readonly reason?: string;
  /** The command that installs what is missing, where that is enough. */
  readonly command?: string;
  readonly version?: string;
  readonly description?: string;
  /** Whether it can train networks. */
  readonly training: boolean;
  /** Why `auto` skips it although it can run, in one sentence. */
  readonly byNameOnly?: string;
}

/**
 * What convolutions are computed in: `float32`, or `bf16`, which has the same range and 8 bits of precision instead of
 * 24. Sums within a convolution, weights, normalisation, losses and the optimiser are float32 in any case. `bf16` needs
 * `native` and a processor with instructions for it (avx512_bf16 or amx_bf16).
 */
export type Precision = 'float32' | 'bf16';

/** Options of `useEngine`. */
export interface EngineOptions {
  /**
   * What convolutions are computed in; `auto` is `bf16` where that can run, which the engine's description tells.
   * Defaults to `float32`.
   */
  precision?: 'auto' | Precision;
  /** Number of threads, 1 to 256. Defaults to the number of cores. On `native` it is set once per process. */
  threads?: number;
}
