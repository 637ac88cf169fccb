import { registerBias } from './bias.ts';
import { registerReluGrad } from './relu-grad.ts';

let registered = false;

/** Gives tfjs-node's backend the operations of TensorFlow that it does not use by itself. */
export function completeNative(): void {
  if (registered) return;
  registered = true;
  registerReluGrad();
  registerBias();
}
