import type { BackendValues, DataId, DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';

export interface GpuBuffer {
  readonly size: number;
  destroy(): void;
}

/** A part of a buffer that a program uses. */
export interface Binding {
  readonly buffer: GpuBuffer;
  readonly offset: number;
  readonly size: number;
}

export interface GpuPipeline {
  getBindGroupLayout(index: number): object;
}

export type Workgroups = readonly [x: number, y: number, z: number];

interface GpuComputePass {
  setPipeline(pipeline: GpuPipeline): void;
  setBindGroup(index: number, group: object): void;
  dispatchWorkgroups(...count: Workgroups): void;
  end(): void;
}

export interface GpuEncoder {
  beginComputePass(): GpuComputePass;
  copyBufferToBuffer(from: GpuBuffer, fromOffset: number, to: GpuBuffer, toOffset: number, size: number): void;
}

export interface GpuDevice {
  readonly limits: Readonly<
    Record<
      | 'minUniformBufferOffsetAlignment'
      | 'minStorageBufferOffsetAlignment'
      | 'maxStorageBuffersPerShaderStage'
      | 'maxComputeWorkgroupsPerDimension',
      number
    >
  >;
  createShaderModule(options: { code: string }): object;
  createComputePipeline(options: {
    label: string;
    layout: 'auto';
    compute: { module: object; entryPoint: string };
  }): GpuPipeline;
  createBindGroup(options: {
    layout: object;
    entries: readonly { readonly binding: number; readonly resource: Binding }[];
  }): object;
}

interface GpuQueue {
  writeBuffer(to: GpuBuffer, offset: number, data: ArrayBuffer | ArrayBufferView, ...range: number[]): void;
}

/** What the backend knows of a tensor's data. The type is that of the numbers in the buffer, which a cast may leave. */
export interface TensorData {
  values?: BackendValues | null;
  resource?: object | null;
  refCount: number;
  readonly dtype: DataType;
  readonly shape: number[];
}

/** A kernel's program as the backend runs it. */
export interface Program {
  readonly pipeline: GpuPipeline;
  readonly dispatch: Workgroups;
  /** Set where the program works on images of the browser. */
  readonly pixelsOpType?: unknown;
}

/** The members in use of the backend that TensorFlow.js 4.22 registers for WebGPU. */
export interface GpuBackend extends KernelBackend {
  readonly device: GpuDevice;
  queue: GpuQueue;
  readonly bufferManager: {
    /** By size and use. */
    readonly freeBuffers: ReadonlyMap<string, GpuBuffer[]>;
    numFreeBuffers: number;
    numBytesAllocated: number;
    acquireBuffer(size: number, usage: number, mapped?: boolean, reuse?: boolean): GpuBuffer;
    releaseBuffer(buffer: GpuBuffer, reuse?: boolean): void;
  };
  readonly commandEncoder: GpuEncoder | null;
  readonly tensorMap: { get(id: DataId): TensorData; has(id: DataId): boolean };
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  makeTensorInfo(shape: readonly number[], dtype: DataType, values?: BackendValues): TensorInfo;
  uploadToGPU(id: DataId): void;
  shouldExecuteOnCPU(inputs: readonly TensorInfo[], ...rest: unknown[]): boolean;
  makeUniforms(uniforms: object): object;
  recordAndSubmit(program: Program, output: TensorInfo, inputs: readonly TensorInfo[], uniforms?: object): void;
}

/** Whether a backend is TensorFlow.js's for WebGPU, with all members that recording relies on. */
export function isGpuBackend(backend: object): backend is GpuBackend {
  const members = backend as Record<string, unknown>;
  const methods = ['uploadToGPU', 'makeTensorInfo', 'makeUniforms', 'recordAndSubmit', 'submitQueue'];
  const objects = ['device', 'queue', 'bufferManager', 'tensorMap'];
  return (
    methods.every((name) => typeof members[name] === 'function') &&
    objects.every((name) => typeof members[name] === 'object')
  );
}

/** Uses of buffers, as WebGPU counts them. */
const usage = { copySource: 0x4, copyTarget: 0x8, uniform: 0x40, storage: 0x80 };

/** The use of a tensor's buffer, equal to the backend's, so that both may have the same buffers. */
export const tensorUsage = usage.storage | usage.copySource | usage.copyTarget;
export const uniformUsage = usage.uniform | usage.copyTarget;

/** The buffer of a tensor, which is uploaded where it is on the host; `undefined` where it is an image of the browser. */
export function bufferOf(backend: GpuBackend, id: DataId): GpuBuffer | undefined {
  backend.uploadToGPU(id);
  const { resource } = backend.tensorMap.get(id);
  return isBuffer(resource) ? resource : undefined;
}

export function isBuffer(resource: object | null | undefined): resource is GpuBuffer {
  return typeof (resource as GpuBuffer | undefined)?.size === 'number';
}

/** The encoder of commands that follow all that the backend was asked for so far. */
export function nextCommands(backend: GpuBackend): GpuEncoder {
  backend.endComputePassEncoder();
  backend.ensureCommandEncoderReady();
  return backend.commandEncoder!;
}

/** Copies a buffer into another one of its size. */
export function copyBuffer(backend: GpuBackend, from: GpuBuffer, to: GpuBuffer): void {
  nextCommands(backend).copyBufferToBuffer(from, 0, to, 0, to.size);
}

/** Submits all commands, so that the backend gets the buffers back that these were the last to use. */
export function submit(backend: GpuBackend): void {
  nextCommands(backend);
  backend.submitQueue();
}

/** Destroys the buffers that the backend keeps for later tensors. */
export function freeUnusedBuffers(backend: GpuBackend): void {
  submit(backend);
  const { bufferManager } = backend;
  for (const buffers of bufferManager.freeBuffers.values()) {
    for (const buffer of buffers.splice(0)) {
      bufferManager.numFreeBuffers--;
      bufferManager.numBytesAllocated -= buffer.size;
      buffer.destroy();
    }
  }
}

/** Numbers as a tensor's buffer holds them: four bytes each. */
export function deviceValues(values: BackendValues, dtype: DataType): Float32Array | Int32Array {
  const numbers = values as Float32Array | Int32Array | Uint8Array;
  if (dtype === 'float32') return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
  return numbers instanceof Int32Array ? numbers : Int32Array.from(numbers);
}
