import { createRequire } from 'node:module';

/** The name of tfjs-node's backend in TensorFlow.js. */
export const backendName = 'tensorflow';

/** The key of the global symbol by which the kernels of a build find the tfjs-core that InterSeg uses. */
export const coreKey = '@interseg/runtime:tfjs-core';

/**
 * Restores functions of Node's `util` that tfjs-node 4.22 calls: Node 23 removed `isNullOrUndefined`, without which its
 * type checks throw; Node 22 warns about it on the terminal.
 */
export function restoreUtil(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, (value: unknown) => boolean>;
  util['isNullOrUndefined'] = (value) => value === null || value === undefined;
  util['isArray'] = (value) => Array.isArray(value);
}
