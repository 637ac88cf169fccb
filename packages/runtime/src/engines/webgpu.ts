import { EngineError } from '../engine-error.ts';
import type { Driver } from './driver.ts';

const name = 'webgpu';
const reason = 'webgpu engine: not part of this version of InterSeg; use native or wasm.';

/** The place of the engine for any GPU. */
export const webgpu: Driver = {
  name,
  status: async () => ({ name, available: false, reason, training: false }),
  start: async () => {
    throw new EngineError(name, reason);
  },
};
