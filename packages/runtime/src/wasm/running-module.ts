import type { WasmModule } from './backend.ts';
import type { WasmMemory } from './web-assembly.ts';

/** A running backend module and its memory. */
export interface RunningModule {
  readonly module: WasmModule;
  readonly memory: WasmMemory;
}

/** What the backend expects under `tfjs`, as its own `init` defines it. */
export function describeEntries(module: WasmModule): NonNullable<WasmModule['tfjs']> {
  const entry = (name: string, parameters: number, returns: string | null = null): ((...values: number[]) => number) =>
    module.cwrap(name, returns, new Array(parameters).fill('number'));
  return {
    init: entry('init', 0),
    initWithThreadsCount: entry('init_with_threads_count', 1),
    getThreadsCount: entry('get_threads_count', 0, 'number'),
    registerTensor: entry('register_tensor', 3),
    disposeData: entry('dispose_data', 1),
    dispose: entry('dispose', 0),
  };
}
