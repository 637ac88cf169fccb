import { pathToFileURL } from 'node:url';
import { load, findRequire } from '../packages.ts';
import type { Dawn, WebGpuPackage } from './backend.ts';
import { backendPackage } from './backend.ts';
import { startOnAdapter } from './device.ts';
import { dawnPackage } from './probe.ts';

/** Starts TensorFlow.js's WebGPU backend on Dawn, and makes it the current one. */
export async function startWebGpu(): Promise<{ release(): void }> {
  const entry = findRequire(dawnPackage)!.resolve(dawnPackage);
  const { create, globals } = (await import(pathToFileURL(entry).href)) as Dawn;
  // The backend uses the global names of a browser.
  Object.assign(globalThis, globals);
  const gpu = create([]);
  offer(gpu);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) throw new Error('Dawn finds no GPU');
  return startOnAdapter(adapter, load<WebGpuPackage>(backendPackage));
}

/** Sets `navigator.gpu`, where the backend looks for WebGPU; Node has no `navigator` before version 21. */
function offer(gpu: unknown): void {
  const host = globalThis as { navigator?: object };
  host.navigator ??= {};
  Object.defineProperty(host.navigator, 'gpu', { value: gpu, configurable: true });
}
