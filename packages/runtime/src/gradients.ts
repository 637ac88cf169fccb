import { getGradient } from '@tensorflow/tfjs-core';
import { load, requireOf } from './packages.ts';

/**
 * Registers the gradients of TensorFlow.js's operations where nobody has: in Node, tfjs-core alone comes without them, and
 * its entry point for them cannot be imported; tfjs-layers brings them along.
 */
export function ensureGradients(): void {
  if (getGradient('Conv2D') === undefined && requireOf('@tensorflow/tfjs-layers') !== undefined) {
    load('@tensorflow/tfjs-layers');
  }
}
