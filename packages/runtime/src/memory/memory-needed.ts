import * as tf from '@tensorflow/tfjs-core';
import type { NodeBackend } from '../compile/native/node-backend.ts';

/** The peak memory of a step, in bytes: a fixed part, and a part for each sample. */
export interface MemoryNeeded {
  readonly fixed: number;
  readonly perSample: number;
}

/** The memory that a batch takes beyond what is in use, in bytes. */
export function bytesFor({ fixed, perSample }: MemoryNeeded, batch: number): number {
  return fixed + perSample * batch;
}

/** The largest batch that fits into so many bytes, if any. */
export function largestBatchIn({ fixed, perSample }: MemoryNeeded, bytes: number): number | undefined {
  const batch = Math.floor((bytes - fixed) / perSample);
  return batch >= 1 ? batch : undefined;
}

/**
 * The bytes that are left for tensors: those that are free, and those that TensorFlow has already taken from the system
 * and keeps for later tensors, which only the size of the process shows.
 */
export function availableBytes(): number {
  return process.availableMemory() + Math.max(0, process.memoryUsage.rss() - tf.memory().numBytes);
}

/**
 * Measures the memory of a step on the native engine, by running it with one and with two samples. It does not count
 * what TensorFlow uses besides its tensors, so the result is a lower bound for a step that runs operation by operation.
 * Where two samples might not fit, or as many times the need of one as the batch has samples do fit, so that two need not
 * be tried, the whole need of one counts as the part for each sample.
 */
export function measureMemory(
  backend: NodeBackend,
  available: number,
  batch: number,
  run: (samples: number) => void,
): MemoryNeeded {
  const one = measurePeak(backend, () => run(1));
  if (3 * one > available || batch * one <= available) return { fixed: 0, perSample: one };
  const two = measurePeak(backend, () => run(2));
  const perSample = Math.max(1, two - one);
  return { fixed: Math.max(0, one - perSample), perSample };
}

/** The largest size of all tensors during some work, beyond their size before it, in bytes. */
function measurePeak(backend: NodeBackend, work: () => void): number {
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
