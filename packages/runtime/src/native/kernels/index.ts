import { registerBias } from './bias.ts';
import { registerReluGrad } from './relu-grad.ts';

let registered = false;

/** Registers the operations of TensorFlow that tfjs-node's backend does not use by itself. */
export function completeNative(): void {
  if (registered) return;
  registered = true;
  registerReluGrad();
  registerBias();
}
