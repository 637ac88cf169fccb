import type { BackendValues, DataId, KernelBackend } from '@tensorflow/tfjs-core';

/** The package with TensorFlow.js's WebGPU backend. */
export const backendPackage = '@tensorflow/tfjs-backend-webgpu';

/** The members in use of Dawn in the package `webgpu`, whose own types need those of the DOM. */
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

/** A GPU in words, as far as it tells what it is. */
export function describeGpu({
  vendor,
  architecture,
  description,
}: Partial<Record<'vendor' | 'architecture' | 'description', unknown>>): string {
  return String(description || [vendor, architecture].filter(Boolean).join(' ') || 'a GPU');
}

/** What follows a GPU that is none in the description of an engine. */
export const softwareNote = '; a program in the place of a GPU, slow';

export interface GpuDevice {
  /** Receives errors that no call could throw. */
  onuncapturederror: ((event: { readonly error: { readonly message: string }; preventDefault(): void }) => void) | null;
  destroy(): void;
}

/** The members in use of TensorFlow.js's WebGPU backend. */
export interface WebGpuBackend extends KernelBackend {
  readonly tensorMap: { get(dataId: DataId): { readonly values?: BackendValues | null } };
}

/** The members in use of the package. */
export interface WebGpuPackage {
  readonly WebGPUBackend: new (device: GpuDevice, info: object) => WebGpuBackend;
}
