import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { EngineError, shortReason } from '../engine-error.ts';
import type { Engine } from '../types.ts';
import { describeGpu, softwareNote, type GpuAdapter, type WebGpuPackage } from '../webgpu/backend.ts';
import { startOnAdapter } from '../webgpu/device.ts';
import { host } from './host.ts';

const name = 'webgpu';

/** Options of the webgpu engine in a browser. */
export interface WebGpuEngineOptions {
  /**
   * Loads TensorFlow.js's WebGPU backend: `() => import('@tensorflow/tfjs-backend-webgpu')`. It is large, and asked for
   * only where there is a GPU.
   */
  backend: () => Promise<object>;
}

/** The GPU that a browser offers. */
export interface WebGpuInfo {
  /** What the browser tells of it, such as `nvidia ampere`; many browsers tell little. */
  readonly device: string;
  /** Whether a program stands in the place of a GPU, which is slower than wasm. */
  readonly isSoftware: boolean;
}

let current: Engine | undefined;

async function findAdapter(): Promise<GpuAdapter | undefined> {
  try {
    return (await host.navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' })) ?? undefined;
  } catch {
    return undefined;
  }
}

function infoOf({ info }: GpuAdapter): WebGpuInfo {
  const told = info as Partial<Record<string, string | boolean>>;
  const device = describeGpu(told);
  // Firefox and Safari do not tell.
  return { device, isSoftware: told['isFallbackAdapter'] === true || /swiftshader|llvmpipe|software/i.test(device) };
}

/** The GPU that the webgpu engine would compute on; `undefined` where the browser offers none. */
export async function findWebGpu(): Promise<WebGpuInfo | undefined> {
  const adapter = await findAdapter();
  return adapter && infoOf(adapter);
}

/** Makes the webgpu engine the current one. @throws EngineError when there is no GPU, or it does not start */
export async function useWebGpu({ backend }: WebGpuEngineOptions): Promise<Engine> {
  if (current !== undefined && (await tf.setBackend(name))) return current;
  const adapter = await findAdapter();
  if (!adapter) throw new EngineError(name, 'webgpu engine: this browser offers no GPU (WebGPU); use wasm.');
  tf.env().set('PROD', true);
  try {
    const started = await startOnAdapter(adapter, (await backend()) as unknown as WebGpuPackage);
    const { device, isSoftware } = infoOf(adapter);
    const engine: Engine = {
      name,
      description: `webgpu (${device}${isSoftware ? softwareNote : ''})`,
      version: tf.version_core,
      threads: 1,
      device,
      release() {
        if (current === engine) current = undefined;
        started.release();
      },
    };
    return (current = engine);
  } catch (error) {
    throw new EngineError(name, `webgpu engine: it does not start: ${shortReason(error)}.`, { cause: error });
  }
}
