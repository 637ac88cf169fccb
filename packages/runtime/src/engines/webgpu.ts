import * as tf from '@tensorflow/tfjs-core';
import { EngineError, shortReason } from '../engine-error.ts';
import { refuseSecondCore } from '../one-core.ts';
import { findRequire, findPackageVersion } from '../packages.ts';
import type { Engine } from '../types.ts';
import { backendPackage, describeGpu, softwareNote } from '../webgpu/backend.ts';
import { type Adapter, dawnPackage, probeAdapter } from '../webgpu/probe.ts';
import { startWebGpu } from '../webgpu/start.ts';
import type { Driver } from './driver.ts';

const name = 'webgpu';

/** The version of Dawn's package that the engine was tested with. */
const dawnVersion = '0.6.2';

let current: Engine | undefined;

function missing(): { reason: string; command: string } | undefined {
  const packages = [dawnPackage, backendPackage].filter((one) => findRequire(one) === undefined);
  if (packages.length === 0) return undefined;
  const [are, them] = packages.length === 1 ? ['the package', 'is'] : ['the packages', 'are'];
  const wanted = packages.map((one) => `${one}@${one === dawnPackage ? dawnVersion : tf.version_core}`);
  const command = `npm install ${wanted.join(' ')}`;
  return { command, reason: `webgpu engine: ${are} ${packages.join(' and ')} ${them} not installed; ${command}.` };
}

const noGpu =
  'webgpu engine: Dawn finds no GPU (on Linux it needs a Vulkan driver of the GPU and libvulkan.so.1); install the driver, or use native or wasm.';

function describe(adapter: Adapter): string {
  const note = adapter.isSoftware ? softwareNote : '';
  return `webgpu (${describeGpu(adapter)}, Dawn ${findPackageVersion(dawnPackage)}${note})`;
}

function byNameOnly(adapter: Adapter): string | undefined {
  if (!adapter.isSoftware) return undefined;
  return `webgpu engine: ${describeGpu(adapter)} is a program in the place of a GPU, slower than wasm; ask for webgpu by name.`;
}

/** TensorFlow.js's WebGPU backend on Dawn: for any GPU, installed by npm alone. */
export const webgpu: Driver = {
  name,
  async status() {
    const lack = missing();
    if (lack !== undefined) return { name, available: false, ...lack, training: false };
    const adapter = await probeAdapter();
    const version = findPackageVersion(backendPackage);
    if (adapter === undefined) return { name, available: false, reason: noGpu, version, training: false };
    const reason = byNameOnly(adapter);
    return {
      name,
      available: true,
      version,
      description: describe(adapter),
      training: true,
      ...(reason !== undefined && { byNameOnly: reason }),
    };
  },
  async start(_, isNamed) {
    const lack = missing();
    if (lack !== undefined) throw new EngineError(name, lack.reason);
    if (current !== undefined && (await tf.setBackend(name))) return current;
    const adapter = await probeAdapter();
    if (adapter === undefined) throw new EngineError(name, noGpu);
    const reason = byNameOnly(adapter);
    if (reason !== undefined && !isNamed) throw new EngineError(name, reason);
    try {
      refuseSecondCore(findRequire(backendPackage)!, backendPackage);
      const started = await startWebGpu();
      const engine: Engine = {
        name,
        description: describe(adapter),
        version: findPackageVersion(backendPackage)!,
        threads: 1,
        device: describeGpu(adapter),
        release() {
          if (current === engine) current = undefined;
          started.release();
        },
      };
      return (current = engine);
    } catch (error) {
      throw new EngineError(name, `webgpu engine: it does not start: ${shortReason(error)}.`, { cause: error });
    }
  },
};
