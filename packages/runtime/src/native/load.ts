import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { layout } from './install/binding.ts';
import type { NativeBuild } from './install/install.ts';
import { backendName, coreKey, restoreUtil } from './tfjs-node.ts';

/** The priority that tfjs-node registers with; it decides nothing, as `useEngine` sets the backend by name. */
const priority = 3;

/**
 * Loads a build of the native engine and registers its backend and kernels with the tfjs-core that InterSeg uses.
 *
 * @throws Error when the library does not load
 */
export function loadBuild({ folder, cuda }: NativeBuild): void {
  restoreUtil();
  (globalThis as Record<symbol, unknown>)[Symbol.for(coreKey)] = tf;
  const require = createRequire(join(folder, 'package.json'));
  const binding = quietly(require, folder, () => require(join(folder, layout.binding)) as unknown);
  require(join(folder, layout.kernels));
  const { NodeJSKernelBackend } = require(join(folder, layout.backend)) as {
    NodeJSKernelBackend: new (binding: unknown, packageName: string) => tf.KernelBackend;
  };
  const packageName = cuda ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
  tf.registerBackend(backendName, () => new NodeJSKernelBackend(binding, packageName), priority);
}

/** Hides what TensorFlow's library prints while it loads, unless the user asked for all its messages. */
function quietly<T>(require: NodeJS.Require, folder: string, work: () => T): T {
  if (process.env['TF_CPP_MIN_LOG_LEVEL'] === '0') return work();
  const stderr = require(join(folder, layout.mute)) as { mute(): void; unmute(): void };
  stderr.mute();
  try {
    return work();
  } finally {
    stderr.unmute();
  }
}
