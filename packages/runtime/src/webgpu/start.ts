import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { EngineError, shortReason } from '../engine-error.ts';
import { OutOfMemoryError } from '../memory/out-of-memory.ts';
import { load, requireOf } from '../packages.ts';
import type { Dawn, GpuAdapter, GpuDevice, WebGpuBackend, WebGpuPackage } from './backend.ts';
import { backendPackage } from './backend.ts';
import { repairWebGpu } from './repair-webgpu.ts';
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
  tellErrors(backend, device);
  repairWebGpu();
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

/**
 * A GPU computes later than it is asked to, so that its errors, such as that of a full memory, come without a call that
 * could throw, and what was computed is wrong: the next one who reads is told.
 */
function tellErrors(backend: WebGpuBackend, device: GpuDevice): void {
  let failure: { readonly message: string } | undefined;
  device.onuncapturederror = (event) => {
    // Dawn would print it.
    event.preventDefault();
    failure ??= event.error;
  };
  const read = backend.read.bind(backend);
  backend.read = async (dataId) => {
    const values = await read(dataId);
    if (failure === undefined) return values;
    const reason = shortReason(failure.message);
    failure = undefined;
    // Dawn says the one of the GPU's memory and the other of a tensor that is larger than any buffer.
    if (/out of memory|max buffer size|maxBufferSize|max.*binding size/i.test(reason)) {
      const message = `webgpu engine: out of memory on the GPU (${reason}); use a smaller batch, image size or network.`;
      throw new OutOfMemoryError(name, message);
    }
    throw new EngineError(name, `webgpu engine: the GPU failed: ${reason}.`);
  };
}
