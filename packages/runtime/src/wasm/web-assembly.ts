/** The memory of a module; threads share it when its buffer is a `SharedArrayBuffer`. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
}

/** A compiled module, which can be sent to a worker. */
export interface CompiledModule {
  readonly compiled?: never;
}

interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean;
  Memory: new (size: { initial: number; maximum: number; shared: true }) => WasmMemory;
  Module: new (bytes: Uint8Array) => CompiledModule;
  Instance: new (
    module: CompiledModule,
    imports: Record<string, Record<string, unknown>>,
  ) => { readonly exports: Record<string, (...values: number[]) => void> };
}

/** The host's WebAssembly, declared here as TypeScript has its types only among those of the DOM. */
export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

/** Creates memory that threads share, up to what 32 bits can address. */
export function sharedMemory(): WasmMemory {
  return new webAssembly.Memory({ initial: 1024, maximum: 65536, shared: true });
}
