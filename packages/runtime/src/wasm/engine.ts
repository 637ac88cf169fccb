import type { Engine } from '../types.ts';
import { describeWasm } from './describe.ts';

/** What the started backend is called and how it is given back. */
export interface StartedWasm {
  version: string;
  threads: number;
  /** Why it has not the threads that were wanted; empty where it has. */
  note: string;
  release(): void;
}

/**
 * The started backend as an engine, in Node and in browsers alike.
 *
 * @param forget told of the engine before it is given back, so that it is not taken for the running one
 */
export function wasmEngine({ version, threads, note, release }: StartedWasm, forget: (engine: Engine) => void): Engine {
  return {
    name: 'wasm',
    description: describeWasm(threads, note),
    version,
    threads,
    device: 'cpu',
    release() {
      forget(this);
      release();
    },
  };
}
