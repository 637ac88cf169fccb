import * as tf from '@tensorflow/tfjs-core';
import { EngineError, shortReason } from '../engine-error.ts';
import { OutOfMemoryError } from '../memory/out-of-memory.ts';
import type { GpuAdapter, GpuDevice, WebGpuBackend, WebGpuPackage } from './backend.ts';
import { repairWebGpu } from './repair-webgpu.ts';

const name = 'webgpu';

/** The limits that the backend's kernels may need to be higher than the guaranteed ones. */
const limits = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const;

/** Starts TensorFlow.js's WebGPU backend on a GPU, completed with what training needs, and makes it the current one. */
export async function startOnAdapter(
  adapter: GpuAdapter,
  { WebGPUBackend }: WebGpuPackage,
): Promise<{ release(): void }> {
  const device = await requestDevice(adapter);
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

function requestDevice(adapter: GpuAdapter): Promise<GpuDevice> {
  const requiredLimits = Object.fromEntries(limits.map((limit) => [limit, adapter.limits[limit]!]));
  return adapter.requestDevice({ requiredLimits });
}

/** The backend reads synchronously through a canvas, which Node lacks; its error would be about that canvas. */
function refuseToWait(backend: WebGpuBackend): void {
  const readSync = backend.readSync.bind(backend);
  backend.readSync = (dataId) => {
    const { values } = backend.tensorMap.get(dataId);
    if (values !== null && values !== undefined) return readSync(dataId);
    throw new EngineError(name, 'webgpu engine: a tensor can only be read by await tensor.data(), not by dataSync.');
  };
}

/**
 * A GPU computes asynchronously, so that no call throws its errors, such as a full memory, although the results are
 * wrong: the next read throws them.
 */
function tellErrors(backend: WebGpuBackend, device: GpuDevice): void {
  let failure: { readonly message: string } | undefined;
  device.onuncapturederror = (event) => {
    // Otherwise Dawn prints it.
    event.preventDefault();
    failure ??= event.error;
  };
  const read = backend.read.bind(backend);
  backend.read = async (dataId) => {
    const values = await read(dataId);
    if (failure === undefined) return values;
    const reason = shortReason(failure.message);
    failure = undefined;
    // The first is Dawn's message for a full memory, the second for a tensor larger than any buffer.
    if (/out of memory|max buffer size|maxBufferSize|max.*binding size/i.test(reason)) {
      const message = `webgpu engine: out of memory on the GPU (${reason}); use a smaller batch, image size or network.`;
      throw new OutOfMemoryError(name, message);
    }
    throw new EngineError(name, `webgpu engine: the GPU failed: ${reason}.`);
  };
}
