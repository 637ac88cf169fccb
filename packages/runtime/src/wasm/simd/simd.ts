import { EngineError } from '../../engine-error.ts';
import { OutOfMemoryError } from '../../memory/out-of-memory.ts';
import type { WasmModule } from '../backend.ts';
import type { RunningModule } from '../running-module.ts';
import { type CompiledModule, webAssembly, type WasmMemory } from '../web-assembly.ts';
import { compileKernels } from './compile-kernels.ts';
import { blockWords, layout, rangeWords, type SimdThread, type StartSimdThread } from './thread.ts';
import { waitWhile } from './wait.ts';

/** The kernels of `assembly/`; threads know them by their index. */
const kernels = [
  'filterGradient',
  'sumRows',
  'broadcastRows',
  'copyRows',
  'maxPool2x2Gradient',
  'normalize',
  'normalizeGradient',
  'winogradFilter',
  'winogradConvolution',
  'winogradFilterGradient',
  'packRows',
  'spreadBlocks',
  'adamUpdate',
  'approach',
  'addSquares',
] as const;

/** The name of one of the kernels of `assembly/`. */
export type SimdKernel = (typeof kernels)[number];

/** How to divide a call. */
export interface Division {
  /** The number of units of work; each kernel defines its unit. */
  units: number;
  /** The number of units that is worth waking a thread (about 30 microseconds). Defaults to all: a single thread. */
  grain?: number;
  /** Bytes of scratch memory per thread. */
  scratch?: number;
}

/**
 * InterSeg's own SIMD kernels, on the memory of the wasm backend. The calling thread and the workers each take a share
 * of the units; results do not depend on the division.
 */
export class Simd {
  private readonly control: ArrayBuffer | SharedArrayBuffer;
  private readonly words: Int32Array;
  private readonly values: Float64Array;
  private readonly run_: Record<string, (...values: number[]) => void>;
  private workers: SimdThread[] = [];
  private scratch = 0;
  private scratchBytes = 0;

  private constructor(
    private readonly host: WasmModule,
    memory: WasmMemory,
    private readonly module: CompiledModule,
  ) {
    const bytes = 4 * blockWords + 8 * 32;
    // Without threads, such as in a page that is not cross-origin isolated, this name may be missing.
    this.control = isShared(memory) ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
    this.words = new Int32Array(this.control, 0, blockWords);
    this.values = new Float64Array(this.control, 4 * blockWords);
    this.run_ = new webAssembly.Instance(module, { env: { memory } }).exports;
  }

  /** Compiles the kernels for a module's memory and starts `threads - 1` workers, which need shared memory. */
  static async start({ module, memory }: RunningModule, threads: number, startThread: StartSimdThread): Promise<Simd> {
    const simd = new Simd(module, memory, compileKernels(isShared(memory)));
    const data = { module: simd.module, memory, control: simd.control, kernels };
    simd.workers = await Promise.all(
      Array.from({ length: threads - 1 }, (_, k) => startThread({ ...data, index: k + 1 })),
    );
    return simd;
  }

  /** Runs a kernel; `values` are its arguments before `scratch`, `begin` and `end`. */
  run(kernel: SimdKernel, values: number[], { units, grain = Infinity, scratch: wanted = 0 }: Division): void {
    const scratch = alignToLine(wanted);
    const threads = Math.max(1, Math.min(this.workers.length + 1, Math.floor(units / grain)));
    const share = Math.ceil(units / threads);
    const offset = this.reserve(scratch * threads);
    const own = this.run_[kernel] as (...values: number[]) => void;
    if (threads === 1) {
      own(...values, offset, 0, units);
      return;
    }
    const { words } = this;
    words[layout.kernel] = kernels.indexOf(kernel);
    words[layout.argumentCount] = values.length;
    this.values.set(values);
    for (let k = 1; k <= this.workers.length; k++) {
      const begin = Math.min(units, k * share);
      words.set([offset + k * scratch, begin, Math.min(units, begin + share)], layout.ranges + rangeWords * k);
    }
    Atomics.store(words, layout.busy, this.workers.length);
    Atomics.add(words, layout.call, 1);
    Atomics.notify(words, layout.call);
    own(...values, offset, 0, share);
    for (let busy; (busy = Atomics.load(words, layout.busy)) > 0;) waitWhile(words, layout.busy, busy);
    if (Atomics.exchange(words, layout.failed, 0) > 0) {
      throw new EngineError('wasm', `wasm engine: a thread failed in ${kernel}; start the program again.`);
    }
  }

  private reserve(bytes: number): number {
    if (bytes > this.scratchBytes) {
      if (this.scratch !== 0) this.host._free(this.scratch);
      this.scratch = this.host._malloc(bytes + line) >>> 0;
      this.scratchBytes = this.scratch === 0 ? 0 : bytes;
      if (this.scratch === 0) {
        throw new OutOfMemoryError(
          'wasm',
          `wasm engine: out of memory for ${bytes} bytes of scratch; use a smaller batch.`,
        );
      }
    }
    return alignToLine(this.scratch);
  }

  /** Ends the workers. */
  release(): void {
    for (const worker of this.workers) worker.terminate();
    this.workers = [];
  }
}

/** A line of a processor's cache, in bytes: numbers that lie across two of them take longer to load. */
const line = 64;

/** The next address that is the start of a line, to have whole vectors in a line. */
export function alignToLine(address: number): number {
  return line * Math.ceil(address / line);
}

function isShared({ buffer }: WasmMemory): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;
}
