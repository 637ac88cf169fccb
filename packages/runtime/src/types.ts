/** The engines, best first. */
export type EngineName = 'native' | 'webgpu' | 'wasm' | 'cpu';

/** The engine that is in use: TensorFlow.js's current backend, completed for training. */
export interface Engine {
  readonly name: EngineName;
  /** For people, such as `wasm (SIMD, 2 threads)`; tells a fall-back, too. */
  readonly description: string;
  /** The version of the package that brings the engine. */
  readonly version: string;
  /** How many threads compute. */
  readonly threads: number;
  /** What computes: `cpu`, or the name of an accelerator. */
  readonly device: string;
  /** Gives the engine's memory and threads back; its tensors are lost. */
  release?(): void;
}

/** What {@link engines} tells about one engine. */
export interface EngineStatus {
  readonly name: EngineName;
  readonly available: boolean;
  /** Why it is not available, and what to do; one sentence. */
  readonly reason?: string;
  /** The command that installs what is missing, where that is all that it needs. */
  readonly command?: string;
  readonly version?: string;
  readonly description?: string;
  /** Whether networks can be trained on it. */
  readonly training: boolean;
  /** Why `auto` passes it by although it can run; one sentence. */
  readonly byNameOnly?: string;
}

/** How an engine is started. */
export interface EngineOptions {
  /** How many threads compute, at least 1; the number of cores unless told. On `native` it is set once per process. */
  threads?: number;
}
