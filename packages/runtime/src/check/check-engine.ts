import { totalmem } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import type { Engine, EngineName, EngineOptions } from '../types.ts';
import { useEngine } from '../use-engine.ts';
import { knownNumbers } from './known-numbers.ts';

/** What {@link checkEngine} found. */
export interface EngineCheck {
  readonly engine: Engine;
  /** Whether every computation gave the known numbers. */
  readonly passed: boolean;
  /** One for each computation; a failed one says what was found and what was expected. */
  readonly computations: readonly { readonly name: string; readonly passed: boolean; readonly message?: string }[];
  /** How fast a convolution and its gradients are computed, in 10⁹ multiplications and additions a second. */
  readonly gigaflops: number;
  /** How long the engine took to start; next to nothing when it was in use before. */
  readonly startMilliseconds: number;
  /** What the machine has, in bytes. */
  readonly memoryBytes: number;
}

/**
 * Starts an engine and lets it compute what is known: a convolution, pooling, ReLU and their gradients. Takes about a
 * second; leaves the engine in use.
 *
 * @throws EngineError when the engine cannot run here
 */
export async function checkEngine(name: 'auto' | EngineName, options: EngineOptions = {}): Promise<EngineCheck> {
  const before = performance.now();
  const engine = await useEngine(name, options);
  const startMilliseconds = performance.now() - before;
  const computations = knownNumbers.map(({ name, compute, expected }) => {
    try {
      const found = Array.from(tf.tidy(() => compute().dataSync()));
      const right = found.length === expected.length && found.every((value, k) => close(value, expected[k] as number));
      if (right) return { name, passed: true };
      return { name, passed: false, message: `found ${found.join(', ')}; expected ${expected.join(', ')}` };
    } catch (error) {
      return { name, passed: false, message: (error as Error).message };
    }
  });
  const passed = computations.every((computation) => computation.passed);
  const gigaflops = passed ? speed() : 0;
  return { engine, passed, computations, gigaflops, startMilliseconds, memoryBytes: totalmem() };
}

function close(found: number, expected: number): boolean {
  return Math.abs(found - expected) <= 1e-4 * Math.max(1, Math.abs(expected));
}

/** Measures a convolution that takes some milliseconds; the best of a few runs in at most half a second. */
function speed(): number {
  // `cpu` is some hundred times slower than the others.
  const size = tf.getBackend() === 'cpu' ? 8 : 64;
  const channels = 32;
  return tf.tidy(() => {
    const x = tf.ones([2, size, size, channels]) as tf.Tensor4D;
    const kernel = tf.ones([3, 3, channels, channels]) as tf.Tensor4D;
    const gradients = tf.grads((a, b) => tf.sum(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'same')));
    const start = performance.now();
    let best = Infinity;
    for (let k = 0; k < 2 || (k < 10 && performance.now() - start < 500); k++) {
      const before = performance.now();
      tf.tidy(() => gradients([x, kernel]).forEach((gradient) => void gradient.dataSync()));
      best = Math.min(best, performance.now() - before);
    }
    // Forward, by the input and by the kernel; a multiplication and an addition each.
    const operations = 3 * 2 * x.size * 9 * channels;
    return operations / best / 1e6;
  });
}
