import type { NodeBackend } from '../../compile/native/node-backend.ts';
import { registerBias } from './bias.ts';
import { registerNormalization } from './normalization.ts';
import { registerReluGrad } from './relu-grad.ts';

let registered = false;

/** Registers the operations of TensorFlow that tfjs-node's backend does not use by itself, and those of InterSeg. */
export function completeNative(backend: NodeBackend): void {
  if (registered) return;
  registered = true;
  registerReluGrad();
  registerBias();
  registerNormalization(backend);
}
