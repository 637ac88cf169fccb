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

/** What is used of the backend that tfjs-node registers. */
interface NodeBackend {
  readonly binding?: { readonly TF_Version?: string };
  readonly isUsingGpuDevice?: boolean;
}

interface Loaded {
  packageName: string;
  version: string;
  backend: NodeBackend;
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
    } catch (error) {
      reasons.push(reasonOf(error));
      continue;
    }
    try {
      restoreIsNullOrUndefined();
      // TensorFlow's notes on the instructions of the processor are not for the user of a command line.
      process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '1';
      load(packageName);
      const backend = tf.findBackend(backendName) as unknown as NodeBackend;
      loaded = { packageName, version: versionOf(packageName) as string, backend };
      return loaded;
    } catch (error) {
      reasons.push(`${packageName} does not load (${reasonOf(error)}), reinstall it`);
    }
  }
  throw new EngineError(name, `native engine: ${reasons.join('; ')}; or use wasm.`);
}

function describe({ packageName, version, backend }: Loaded): string {
  return `native (TensorFlow ${backend.binding?.TF_Version ?? 'of unknown version'}, ${packageName} ${version})`;
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
    const device = found.backend.isUsingGpuDevice === true ? 'gpu' : 'cpu';
    const threads = availableParallelism();
    return { name, description: describe(found), version: found.version, threads, device };
  },
};
