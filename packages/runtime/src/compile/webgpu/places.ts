import type { Variable } from '@tensorflow/tfjs-core';
import { bufferOf, copyBuffer, deviceValues, tensorUsage, uniformUsage } from './gpu-backend.ts';
import type { Binding, GpuBackend, GpuBuffer } from './gpu-backend.ts';
import { packBuffers } from './packed-buffers.ts';
import type { Recording } from './recording.ts';
import { bytesOf } from './same-recording.ts';
import type { Schedule } from './schedule.ts';
import { VariableHome } from './variable-home.ts';

/** The buffers of a recording: those of variables are shared with other recordings, all others are its own. */
export class Places {
  readonly homes = new Map<Variable, VariableHome>();
  private readonly backend: GpuBackend;
  private readonly bindings = new Map<number, Binding>();
  private readonly buffers: GpuBuffer[] = [];

  constructor(backend: GpuBackend, { values, updates }: Recording, { used, buffers, places }: Schedule) {
    this.backend = backend;
    for (const { variable } of updates) this.settle(variable);
    const shared = buffers.map((bytes) => this.acquire(bytes));
    const constants: { number: number; bytes: Uint8Array }[] = [];
    for (const number of used) {
      const { source, dtype, bytes } = values[number]!;
      const place = places.get(number);
      if (source.from === 'host') {
        if (bytes > 0) constants.push({ number, bytes: bytesOf(deviceValues(source.values, dtype)) });
      } else if (source.from === 'input') {
        this.place(number, this.acquire(bytes));
      } else if (source.from === 'variable') {
        this.place(number, this.settle(source.variable));
      } else if (source.from === 'outside') {
        this.place(number, this.copyIn(bufferOf(backend, source.tensor.dataId)));
      } else if (place !== undefined) {
        this.place(number, typeof place === 'number' ? shared[place]! : this.settle(place));
      }
    }
    const { minStorageBufferOffsetAlignment: alignment } = backend.device.limits;
    const arrays = constants.map(({ bytes }) => bytes);
    const bindings = this.pack(arrays, { usage: tensorUsage, alignment });
    constants.forEach(({ number }, at) => this.bindings.set(number, bindings[at]!));
  }

  /** The place of a value that the schedule uses. */
  of(value: number): Binding {
    return this.bindings.get(value)!;
  }

  /** Places the uniforms of programs. */
  uniforms(arrays: readonly Uint8Array[]): Binding[] {
    const { minUniformBufferOffsetAlignment: alignment } = this.backend.device.limits;
    return this.pack(arrays, { usage: uniformUsage, alignment });
  }

  /** A buffer of its own. */
  acquire(bytes: number): GpuBuffer {
    const buffer = this.backend.bufferManager.acquireBuffer(bytes, tensorUsage);
    this.buffers.push(buffer);
    return buffer;
  }

  release(): void {
    for (const home of this.homes.values()) home.release();
    this.homes.clear();
    for (const buffer of this.buffers.splice(0)) this.backend.bufferManager.releaseBuffer(buffer, false);
  }

  private place(value: number, buffer: GpuBuffer): void {
    this.bindings.set(value, { buffer, offset: 0, size: buffer.size });
  }

  private settle(variable: Variable): GpuBuffer {
    if (!this.homes.has(variable)) this.homes.set(variable, VariableHome.use(this.backend, variable));
    return this.homes.get(variable)!.buffer;
  }

  private copyIn(from: GpuBuffer | undefined): GpuBuffer {
    if (from === undefined) throw new Error('a tensor from outside is an image of the browser');
    const buffer = this.acquire(from.size);
    copyBuffer(this.backend, from, buffer);
    return buffer;
  }

  private pack(arrays: readonly Uint8Array[], options: Parameters<typeof packBuffers>[2]): Binding[] {
    const { bindings, buffers } = packBuffers(this.backend, arrays, options);
    this.buffers.push(...buffers);
    return bindings;
  }
}
