import * as tf from '@tensorflow/tfjs-core';
import { EngineError, shortReason } from '../engine-error.ts';
import type { NodeBackend } from '../compile/native/node-backend.ts';
import { setPrecision } from '../native/bf16/cast-operations.ts';
import { findBf16 } from '../native/bf16/processor.ts';
import { prepareEnvironment } from '../native/environment.ts';
import { type NativeBuild, nativeBuilds } from '../native/install/install.ts';
import { backendName } from '../native/tfjs-node.ts';
import { completeNative } from '../native/kernels/index.ts';
import { loadBuild } from '../native/load.ts';
import { installedPackages, loadInstalled } from '../native/packages.ts';
import type { Driver } from './driver.ts';

const name = 'native';

/** What the backend that tfjs-node registers says of itself. */
interface BackendFacts {
  readonly binding?: { readonly TF_Version?: string };
  readonly isUsingGpuDevice?: boolean;
}

interface Loaded {
  /** The version of tfjs-node, and where it comes from. */
  readonly version: string;
  readonly source: string;
}

let loaded: Loaded | undefined;

/** Loads the first build or package that works. @throws Error with the reasons of all when none does */
function loadFirst(threads: number | undefined): Loaded {
  if (loaded !== undefined) return loaded;
  if (tf.findBackend(backendName) !== null) {
    // The program itself imported tfjs-node: a second library of TensorFlow in one process would break both.
    return (loaded = { version: 'of unknown version', source: 'tfjs-node, loaded by the program' });
  }
  prepareEnvironment(threads);
  const reasons: string[] = [];
  for (const build of nativeBuilds()) {
    try {
      loadBuild(build);
      if (tf.findBackend(backendName) === null) throw new Error('its backend does not start');
      return (loaded = { version: build.tfjsNode, source: describeSource(build) });
    } catch (error) {
      reasons.push(
        `the build in ${build.folder} does not load (${shortReason(error)}), remove it and install it again`,
      );
    }
  }
  for (const packageName of installedPackages()) {
    try {
      const version = loadInstalled(packageName);
      return (loaded = { version, source: `${packageName} ${version}` });
    } catch (error) {
      reasons.push(shortReason(error));
    }
  }
  if (reasons.length === 0) reasons.push('it is not installed, run interseg engine install (or installNative)');
  throw new EngineError(name, `native engine: ${reasons.join('; ')}; or use wasm.`);
}

function describeSource(build: NativeBuild): string {
  return `built from tfjs-node ${build.tfjsNode}${build.cuda ? ', CUDA' : ''}`;
}

function backend(): BackendFacts {
  return tf.findBackend(backendName) as unknown as BackendFacts;
}

function describe(tensorflow: string | undefined, source: string): string {
  return `native (TensorFlow ${tensorflow ?? 'of unknown version'}, ${source})`;
}

/** TensorFlow's C library, from a build of InterSeg or an installed tfjs-node or tfjs-node-gpu. */
export const native: Driver = {
  name,
  async status() {
    const [build] = nativeBuilds();
    if (loaded === undefined && build !== undefined) {
      // A build was tested when it was made; loading it takes time and memory.
      const description = describe(build.tensorflow, describeSource(build));
      return { name, available: true, version: build.tfjsNode, description, training: true };
    }
    try {
      const { version, source } = loadFirst(undefined);
      const description = describe(backend().binding?.TF_Version, source);
      return { name, available: true, version, description, training: true };
    } catch (error) {
      return { name, available: false, reason: (error as Error).message, training: false };
    }
  },
  async start({ threads, precision = 'float32' }) {
    const { version, source } = loadFirst(threads);
    const inUse = prepareEnvironment(threads);
    if (threads !== undefined && threads !== inUse) {
      throw new EngineError(
        name,
        `native engine: ${threads} threads were asked for and TensorFlow runs with ${inUse}, which cannot be changed once it is loaded; ask for them in a new process.`,
      );
    }
    const device = backend().isUsingGpuDevice === true ? 'gpu' : 'cpu';
    const bf16 = precision === 'float32' || device === 'gpu' ? undefined : findBf16();
    if (precision === 'bf16' && bf16 === undefined) {
      throw new EngineError(
        name,
        'native engine: bf16 needs a processor with avx512_bf16 or amx_bf16, which this one does not report; use float32.',
      );
    }
    if (!(await tf.setBackend(backendName))) {
      throw new EngineError(name, `native engine: the backend of ${source} does not start; use wasm.`);
    }
    const started = tf.backend() as unknown as NodeBackend;
    completeNative(started);
    setPrecision(started, bf16 === undefined ? 'float32' : 'bf16');
    const computed = bf16 === undefined ? source : `${source}; convolutions in bf16, by ${bf16}`;
    const description = describe(backend().binding?.TF_Version, computed);
    return { name, description, version, threads: inUse, device };
  },
};
