import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, test } from 'vitest';
import { pseudoRandom } from '../../testing/values.ts';
import type { Engine } from '../../types.ts';
import { useEngine } from '../../use-engine.ts';
import { sources } from './binary.ts';

let engine: Engine | undefined;
afterAll(() => engine?.release?.());

test('the compiled kernels belong to the sources beside them', () => {
  const folder = new URL('../../../assembly/', import.meta.url);
  const digest = createHash('sha256');
  for (const file of readdirSync(folder).sort()) digest.update(readFileSync(new URL(file, folder)));
  expect(digest.digest('hex'), 'run scripts/build-simd.mjs after a change in assembly/').toBe(sources);
});

/** Calls large enough to be divided among threads. */
const operations: Record<string, () => tf.Tensor[]> = {
  'the gradients of a convolution': () => {
    const x = tf.tensor4d(pseudoRandom(4 * 32 * 32 * 16, 1), [4, 32, 32, 16]);
    const filter = tf.tensor4d(pseudoRandom(9 * 16 * 16, 2), [3, 3, 16, 16]);
    return tf.grads((a, b) => tf.square(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'same')))([x, filter]);
  },
  'the gradients of a convolution by direct sums': () => {
    const x = tf.tensor4d(pseudoRandom(4 * 32 * 32 * 12, 1), [4, 32, 32, 12]);
    const filter = tf.tensor4d(pseudoRandom(25 * 12 * 12, 2), [5, 5, 12, 12]);
    return tf.grads((a, b) => tf.square(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'same')))([x, filter]);
  },
  'a transposed convolution': () => {
    const x = tf.tensor4d(pseudoRandom(4 * 32 * 32 * 16, 1), [4, 32, 32, 16]);
    const filter = tf.tensor4d(pseudoRandom(4 * 16 * 16, 2), [2, 2, 16, 16]);
    return [tf.conv2dTranspose(x, filter, [4, 64, 64, 16], 2, 'same')];
  },
  'a sum per sample': () => [tf.sum(tf.tensor4d(pseudoRandom(8 * 48 * 48 * 16, 3), [8, 48, 48, 16]), [1, 2])],
  'a product with a row': () => [
    tf.mul(tf.tensor4d(pseudoRandom(8 * 48 * 48 * 16, 3), [8, 48, 48, 16]), tf.tensor1d(pseudoRandom(16, 4))),
  ],
  'the gradient of max pooling': () => [
    tf.grad((x) => tf.square(tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid')))(
      tf.tensor4d(pseudoRandom(8 * 48 * 48 * 16, 5), [8, 48, 48, 16]),
    ),
  ],
  'a concatenation': () => {
    const x = tf.tensor4d(pseudoRandom(8 * 48 * 48 * 16, 3), [8, 48, 48, 16]);
    return [tf.concat([x, tf.neg(x), x], 3)];
  },
};

describe('the number of threads changes no digit', () => {
  test.each(Object.keys(operations))('%s', async (name) => {
    const results: Float32Array[][] = [];
    for (const threads of [1, 2, 3]) {
      engine = await useEngine('wasm', { threads });
      results.push(tf.tidy(() => operations[name]!().map((t) => t.dataSync<'float32'>())));
    }
    expect(results[0]!.some((values) => values.some((v) => v !== 0))).toBe(true);
    const bytes = results.map((result) => result.map((values) => Buffer.from(values.buffer).toString('base64')));
    expect(bytes[1]!.join() === bytes[0]!.join()).toBe(true);
    expect(bytes[2]!.join() === bytes[0]!.join()).toBe(true);
  });
});
