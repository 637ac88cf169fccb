import { getGradient } from '@tensorflow/tfjs-core';
import { load, findRequire } from './packages.ts';

/**
 * Registers the gradients of TensorFlow.js's operations, unless they are registered: in Node, tfjs-core alone comes
 * without them, and its entry point for them cannot be imported, but tfjs-layers registers them.
 */
export function ensureGradients(): void {
  if (getGradient('Conv2D') === undefined && findRequire('@tensorflow/tfjs-layers') !== undefined) {
    load('@tensorflow/tfjs-layers');
  }
}
