import type { Engine } from '../types.ts';

/** The largest useful number of threads: more are no faster for slices of usual sizes. */
export const mostThreads = 8;

/** A started backend: its version, its threads and how to release it. */
export interface StartedWasm {
  version: string;
  threads: number;
  /** Why it has fewer threads than were asked for; empty where it has them. */
  note: string;
  release(): void;
}

/**
 * Makes the started backend an engine, in Node and in browsers.
 *
 * @param forget called with the engine before its release, so that it no longer counts as the running one
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

/** Describes the engine, such as `wasm (SIMD, 2 threads)`; a note says why it has fewer threads than it could have. */
export function describeWasm(threads: number, note = ''): string {
  return `wasm (SIMD, ${threads} ${threads === 1 ? 'thread' : 'threads'}${note && `; ${note}`})`;
}
