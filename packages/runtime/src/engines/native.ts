import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { EngineError } from '../engine-error.ts';
import { restoreIsNullOrUndefined } from '../native/node-util.ts';
import { refuseSecondCore } from '../one-core.ts';
import { load, reasonOf, requireOf, versionOf } from '../packages.ts';
import type { Driver } from './driver.ts';

const name = 'native';
/** The backend's name in TensorFlow.js. */
const backendName = 'tensorflow';
const packageNames = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

interface NodePackage {
  readonly version: Record<string, string>;
}

interface Loaded {
  packageName: string;
  version: string;
  tensorflow?: string;
}

let loaded: Loaded | undefined;

/** Loads the first of the packages that works; throws the reasons of all when none does. */
function loadPackage(): Loaded {
  if (loaded !== undefined) return loaded;
  const installed = packageNames.filter((candidate) => requireOf(candidate) !== undefined);
  if (installed.length === 0) {
    throw new EngineError(
      name,
      `native engine: neither ${packageNames[0]} nor ${packageNames[1]} is installed; install one, or use wasm.`,
    );
  }
  const reasons: string[] = [];
  for (const packageName of installed) {
    try {
      refuseSecondCore(requireOf(packageName) as NodeJS.Require, packageName);
      restoreIsNullOrUndefined();
      const { version } = load<NodePackage>(packageName);
      loaded = {
        packageName,
        version: versionOf(packageName) as string,
        tensorflow: version['tensorflow-library'] ?? version['tfjs-node'],
      };
      return loaded;
    } catch (error) {
      reasons.push(`${packageName} does not load (${reasonOf(error)})`);
    }
  }
  throw new EngineError(name, `native engine: ${reasons.join('; ')}; reinstall it, or use wasm.`);
}

function describe({ packageName, version }: Loaded): string {
  return `native (${packageName} ${version})`;
}

/** TensorFlow's C library, by an installed tfjs-node or tfjs-node-gpu. */
export const native: Driver = {
  name,
  async status() {
    try {
      const found = loadPackage();
      return { name, available: true, version: found.version, description: describe(found), training: true };
    } catch (error) {
      return { name, available: false, reason: (error as Error).message, training: false };
    }
  },
  async start() {
    const found = loadPackage();
    if (!(await tf.setBackend(backendName))) {
      throw new EngineError(name, `native engine: the backend of ${found.packageName} does not start; use wasm.`);
    }
    const device = (tf.backend() as unknown as { isUsingGpuDevice?: boolean }).isUsingGpuDevice ? 'gpu' : 'cpu';
    const threads = availableParallelism();
    return { name, description: describe(found), version: found.version, threads, device };
  },
};
