import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { EngineError } from '../engine-error.ts';
import { load, requireOf } from '../packages.ts';
import type { Dawn, GpuAdapter, GpuDevice, WebGpuBackend, WebGpuPackage } from './backend.ts';
import { backendPackage } from './backend.ts';
import { completeWebGpu } from './kernels/index.ts';
import { dawnPackage } from './probe.ts';

const name = 'webgpu';

/** The limits that the backend's kernels may need more of than every GPU has. */
const limits = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const;

/** Starts TensorFlow.js's WebGPU backend on Dawn, and makes it the current one. */
export async function startWebGpu(): Promise<{ release(): void }> {
  const entry = (requireOf(dawnPackage) as NodeJS.Require).resolve(dawnPackage);
  const { create, globals } = (await import(pathToFileURL(entry).href)) as Dawn;
  // The backend uses the names that a browser has.
  Object.assign(globalThis, globals);
  const gpu = create([]);
  offer(gpu);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new Error('Dawn finds no GPU');
  const { WebGPUBackend } = load<WebGpuPackage>(backendPackage);
  const device = await deviceOf(adapter);
  const backend = new WebGPUBackend(device, adapter.info);
  refuseToWait(backend);
  completeWebGpu();
  if ((tf.findBackendFactory(name) ?? undefined) !== undefined) tf.removeBackend(name);
  tf.registerBackend(name, () => backend, 3);
  if (!(await tf.setBackend(name))) throw new Error('its backend does not start');
  return {
    release() {
      if (tf.findBackend(name) === backend) tf.removeBackend(name);
      device.destroy();
    },
  };
}

/** Where the backend looks for WebGPU; Node has no `navigator` before version 21, and none with a GPU since. */
function offer(gpu: unknown): void {
  const host = globalThis as { navigator?: object };
  host.navigator ??= {};
  Object.defineProperty(host.navigator, 'gpu', { value: gpu, configurable: true });
}

function deviceOf(adapter: GpuAdapter): Promise<GpuDevice> {
  const requiredLimits = Object.fromEntries(limits.map((limit) => [limit, adapter.limits[limit] as number]));
  return adapter.requestDevice({ requiredLimits });
}

/** The backend reads without waiting by way of a canvas, which Node has not; the error would be one about that canvas. */
function refuseToWait(backend: WebGpuBackend): void {
  const readSync = backend.readSync.bind(backend);
  backend.readSync = (dataId) => {
    const { values } = backend.tensorMap.get(dataId);
    if (values !== null && values !== undefined) return readSync(dataId);
    throw new EngineError(name, 'webgpu engine: a tensor can only be read by await tensor.data(), not by dataSync.');
  };
}
