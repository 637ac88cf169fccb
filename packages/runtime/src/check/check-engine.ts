import { totalmem } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Engine, EngineName, EngineOptions } from '../types.ts';
import { useEngine } from '../use-engine.ts';
import { type KnownNumbers, knownNumbers } from './known-numbers.ts';

/** The check of one computation with a known result. */
export interface Computation {
  readonly name: string;
  readonly passed: boolean;
  /** What was found and what was expected, if it failed. */
  readonly message?: string;
}

/** The result of {@link checkEngine}. */
export interface EngineCheck {
  readonly engine: Engine;
  /** Whether every computation gave its known result. */
  readonly passed: boolean;
  /** One for each computation; a failed one says what was found and what was expected. */
  readonly computations: readonly Computation[];
  /** The speed of a convolution and its gradients, in 10⁹ multiplications and additions per second. */
  readonly gigaflops: number;
  /** The time that the engine took to start; next to nothing when it was in use. */
  readonly startMilliseconds: number;
  /** The memory of the machine, in bytes. */
  readonly memoryBytes: number;
}

/**
 * Starts an engine and checks computations with known results: a convolution, pooling, ReLU and their gradients. Takes
 * about a second, and leaves the engine in use.
 *
 * @throws EngineError when the engine cannot run here
 */
export async function checkEngine(name: 'auto' | EngineName, options: EngineOptions = {}): Promise<EngineCheck> {
  const before = performance.now();
  const engine = await useEngine(name, options);
  const startMilliseconds = performance.now() - before;
  const computations: Computation[] = [];
  for (const known of knownNumbers) computations.push(await compare(known));
  const passed = computations.every((computation) => computation.passed);
  const gigaflops = passed ? await speed() : 0;
  return { engine, passed, computations, gigaflops, startMilliseconds, memoryBytes: totalmem() };
}

async function compare({ name, compute, expected }: KnownNumbers): Promise<Computation> {
  try {
    const found = Array.from(await read(tf.tidy(compute)));
    const right = found.length === expected.length && found.every((value, k) => close(value, expected[k]!));
    if (right) return { name, passed: true };
    return { name, passed: false, message: `found ${found.join(', ')}; expected ${expected.join(', ')}` };
  } catch (error) {
    return { name, passed: false, message: (error as Error).message };
  }
}

/** Some engines can only be read asynchronously. */
async function read(tensor: Tensor): Promise<ArrayLike<number>> {
  const values = await tensor.data();
  tensor.dispose();
  return values;
}

function close(found: number, expected: number): boolean {
  return Math.abs(found - expected) <= 1e-4 * Math.max(1, Math.abs(expected));
}

/**
 * Measures the speed of a convolution: the best of a few runs in at most half a second. The image grows until a run
 * takes some milliseconds, as engines differ in speed by up to ten thousand times, and a small image shows the cost of
 * a call only.
 */
async function speed(): Promise<number> {
  const channels = 32;
  const start = performance.now();
  for (let size = 8; ; size *= 2) {
    const x = tf.ones([2, size, size, channels]) as Tensor4D;
    const kernel = tf.ones([3, 3, channels, channels]) as Tensor4D;
    const gradients = tf.grads((a, b) => tf.sum(tf.conv2d(a as Tensor4D, b as Tensor4D, 1, 'same')));
    let best = Infinity;
    for (let k = 0; k < 2 || (k < 10 && performance.now() - start < 500); k++) {
      const before = performance.now();
      await Promise.all(tf.tidy(() => gradients([x, kernel])).map(read));
      best = Math.min(best, performance.now() - before);
    }
    // Forward, and the gradients of input and kernel; a multiplication and an addition each.
    const operations = 3 * 2 * x.size * 9 * channels;
    tf.dispose([x, kernel]);
    if (best > 10 || size === 256 || performance.now() - start > 500) return operations / best / 1e6;
  }
}
