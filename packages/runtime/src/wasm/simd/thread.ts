import type { CompiledModule, WasmMemory } from '../web-assembly.ts';

/** The positions of the words in the block that threads share. */
export const layout = {
  /** Counts the calls; a worker sleeps until it changes. */
  call: 0,
  /** The number of busy workers. */
  busy: 1,
  /** The number of failed workers. */
  failed: 2,
  kernel: 3,
  argumentCount: 4,
  /** Three words per thread: scratch, begin, end. */
  ranges: 8,
} as const;

/** Words of the block; the arguments follow, as doubles, since they may be fractions or unsigned. */
export const blockWords = 256;

/** Words per thread in the table of ranges. */
export const rangeWords = 3;

/** The data of a worker. */
export interface SimdThreadData {
  readonly module: CompiledModule;
  readonly memory: WasmMemory;
  readonly control: ArrayBuffer | SharedArrayBuffer;
  /** Its index in the table of ranges; the calling thread has index 0. */
  readonly index: number;
  readonly kernels: readonly string[];
}

/** A worker that waits for calls. */
export interface SimdThread {
  terminate(): void;
}

/** Starts a worker; resolves when it waits for its first call. */
export type StartSimdThread = (data: SimdThreadData) => Promise<SimdThread>;

/**
 * The program of a worker, as a function of its data and of how it signals that it is ready: it sleeps until a call,
 * computes its range of units (which may be empty), and signals the end. It is text, as a bundled package has no file
 * for it.
 */
export const threadFunction = `
({ module, memory, control, index, kernels }, ready) => {
  const words = new Int32Array(control, 0, ${blockWords});
  const values = new Float64Array(control, ${4 * blockWords});
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const range = ${layout.ranges} + ${rangeWords} * index;
  let call = 0;
  ready();
  for (;;) {
    // It may be woken for a call that it has seen already, and must not do that again: the memory is in other use by then.
    while (Atomics.load(words, ${layout.call}) === call) Atomics.wait(words, ${layout.call}, call);
    call = Atomics.load(words, ${layout.call});
    try {
      if (words[range + 1] < words[range + 2]) {
        const given = values.slice(0, words[${layout.argumentCount}]);
        exports[kernels[words[${layout.kernel}]]](...given, words[range], words[range + 1], words[range + 2]);
      }
    } catch {
      Atomics.add(words, ${layout.failed}, 1);
    }
    Atomics.sub(words, ${layout.busy}, 1);
    Atomics.notify(words, ${layout.busy});
  }
}`;
