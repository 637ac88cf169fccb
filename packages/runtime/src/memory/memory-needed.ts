import * as tf from '@tensorflow/tfjs-core';
import type { NodeBackend } from '../compile/node-backend.ts';

/** What a step needs at its peak, in bytes: so much for any batch, and so much for each sample. */
export interface MemoryNeeded {
  readonly fixed: number;
  readonly perSample: number;
}

/** How much memory a batch takes beyond what is in use. */
export function bytesFor({ fixed, perSample }: MemoryNeeded, batch: number): number {
  return fixed + perSample * batch;
}

/** The largest batch for which so many bytes are enough, if there is one. */
export function largestBatchIn({ fixed, perSample }: MemoryNeeded, bytes: number): number | undefined {
  const batch = Math.floor((bytes - fixed) / perSample);
  return batch >= 1 ? batch : undefined;
}

/**
 * How many bytes tensors may still take: what is free, and what TensorFlow has taken from the system before and keeps for
 * tensors to come, of which only the size of the process tells.
 */
export function availableBytes(): number {
  return process.availableMemory() + Math.max(0, process.memoryUsage.rss() - tf.memory().numBytes);
}

/**
 * Measures what a step needs on the native engine, by running it with one and with two samples. What TensorFlow uses beside
 * its tensors is not counted, so it may need more than that, and never less while it runs operation by operation. Where two
 * samples might not fit into what is available, all that one needs counts as its own.
 */
export function measureMemory(backend: NodeBackend, available: number, run: (samples: number) => void): MemoryNeeded {
  const one = peakOf(backend, () => run(1));
  if (3 * one > available) return { fixed: 0, perSample: one };
  const two = peakOf(backend, () => run(2));
  const perSample = Math.max(1, two - one);
  return { fixed: Math.max(0, one - perSample), perSample };
}

/** The most bytes that tensors had during some work, beyond those before it. */
function peakOf(backend: NodeBackend, work: () => void): number {
  const before = tf.memory().numBytes;
  let peak = before;
  const { createOutputTensor } = backend;
  backend.createOutputTensor = function (tensor) {
    const output = createOutputTensor.call(this, tensor);
    peak = Math.max(peak, tf.memory().numBytes);
    return output;
  };
  try {
    work();
  } finally {
    backend.createOutputTensor = createOutputTensor;
  }
  return peak - before;
}
