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

/** Options of `useEngine`. */
export interface EngineOptions {
  /** Number of threads, 1 to 256. Defaults to the number of cores. On `native` it is set once per process. */
  threads?: number;
}
