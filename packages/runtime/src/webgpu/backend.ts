import type { BackendValues, DataId, KernelBackend } from '@tensorflow/tfjs-core';

/** The package with TensorFlow.js's WebGPU backend. */
export const backendPackage = '@tensorflow/tfjs-backend-webgpu';

/** What is used of Dawn, as the package `webgpu` gives it; its own types need those of the DOM. */
export interface Dawn {
  create(options: string[]): Gpu;
  readonly globals: Record<string, unknown>;
}

export interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<GpuAdapter | null>;
}

export interface GpuAdapter {
  readonly limits: Readonly<Record<string, number>>;
  readonly info: object;
  requestDevice(options: { requiredLimits: Record<string, number> }): Promise<GpuDevice>;
}

export interface GpuDevice {
  /** What went wrong without a call that could throw. */
  onuncapturederror: ((event: { readonly error: { readonly message: string }; preventDefault(): void }) => void) | null;
  destroy(): void;
}

/** TensorFlow.js's WebGPU backend, as far as it is used here. */
export interface WebGpuBackend extends KernelBackend {
  readonly tensorMap: { get(dataId: DataId): { readonly values?: BackendValues | null } };
}

/** What is used of the package. */
export interface WebGpuPackage {
  readonly WebGPUBackend: new (device: GpuDevice, info: object) => WebGpuBackend;
}
