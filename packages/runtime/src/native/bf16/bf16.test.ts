import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileStep } from '../../compile/compile-step.ts';
import { useEngine } from '../../use-engine.ts';
import { nativeBuilds } from '../install/install.ts';
import { installedPackages } from '../packages.ts';
import { findBf16 } from './processor.ts';

const nativeInstalled = nativeBuilds().length > 0 || installedPackages().length > 0;
const numbers = (tensor: Tensor): number[] => Array.from(tensor.dataSync());

test('an engine that computes in float32 only refuses bf16', async () => {
  await expect(useEngine('wasm', { precision: 'bf16' })).rejects.toThrow(
    'wasm engine: it computes in float32; for bf16 use native.',
  );
});

test.skipIf(findBf16() !== undefined)('a processor without instructions for bf16 refuses it', async () => {
  for (const name of ['native', 'auto'] as const) {
    await expect(useEngine(name, { precision: 'bf16' })).rejects.toThrow('bf16 needs a processor with avx512_bf16');
  }
});

describe.skipIf(!nativeInstalled || findBf16() === undefined)('bf16 on native (run installNative for these)', () => {
  beforeAll(async () => {
    await useEngine('native', { precision: 'bf16' });
  });
  afterAll(async () => {
    await useEngine('native');
  });

  // 1 + 2⁻⁹ lies between the bf16 numbers 1 and 1 + 2⁻⁷, nearer to 1; 1 + 3 · 2⁻⁹ is nearer to 1 + 2⁻⁷.
  const [below, above, step] = [1 + 2 ** -9, 1 + 3 * 2 ** -9, 1 + 2 ** -7];

  test('convolutions round what they take and give, and nothing else does', () => {
    const x = tf.tensor4d([below, above], [1, 2, 1, 1]);
    const filter = tf.tensor4d([1], [1, 1, 1, 1]);
    expect(numbers(tf.conv2d(x, filter, 1, 'same'))).toEqual([1, step]);
    expect(numbers(tf.conv2dTranspose(x, filter, [1, 2, 1, 1], 1, 'same'))).toEqual([1, step]);
    expect(numbers(tf.mul(x, 1))).toEqual([below, above]);
  });

  test('the gradients of convolutions are those of what they took', () => {
    const x = tf.tensor4d([below, above], [1, 2, 1, 1]);
    const filter = tf.tensor4d([above], [1, 1, 1, 1]);
    const [byInput, byFilter] = tf.grads((a: Tensor, b: Tensor) => tf.conv2d(a as Tensor4D, b as Tensor4D, 1, 'same'))([
      x,
      filter,
    ]);
    expect(numbers(byInput!)).toEqual([step, step]);
    // 1 + (1 + 2⁻⁷), halfway between the bf16 numbers 2 and 2 + 2⁻⁶, of which 2 has the even last bit.
    expect(numbers(byFilter!)).toEqual([2]);
  });

  test('sums within a convolution are float32', () => {
    // Added up in bf16, 256 ones beside each other would stay at 256.
    expect(
      numbers(tf.conv2d(tf.ones([1, 1, 1, 512]) as Tensor4D, tf.ones([1, 1, 512, 1]) as Tensor4D, 1, 'same')),
    ).toEqual([512]);
  });

  test('operations leave no tensors behind', () => {
    const [x, filter] = [tf.ones([1, 4, 4, 2]) as Tensor4D, tf.ones([3, 3, 2, 2]) as Tensor4D];
    const before = tf.memory().numTensors;
    tf.tidy(() => void tf.conv2d(x, filter, 1, 'same'));
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a step is replayed with the numbers of operation by operation', () => {
    const make = () => {
      const kernel = tf.variable(tf.randomNormal([3, 3, 4, 8], 0, 0.3, 'float32', 2) as Tensor4D);
      const up = tf.variable(tf.randomNormal([2, 2, 4, 8], 0, 0.3, 'float32', 3) as Tensor4D);
      const optimizer = tf.train.sgd(0.1);
      const step = ({ x }: { x: Tensor }) => ({
        loss: optimizer.minimize(
          () => {
            const features = tf.relu(tf.conv2d(x as Tensor4D, kernel, 2, 'same'));
            return tf.mean(tf.square(tf.conv2dTranspose(features, up, [2, 16, 16, 4], 2, 'same'))) as tf.Scalar;
          },
          true,
          [kernel, up],
        )!,
      });
      return { kernel, up, step };
    };
    const x = tf.randomNormal([2, 16, 16, 4], 0, 1, 'float32', 1);
    const [plain, recorded] = [make(), make()];
    const compiled = compileStep(recorded.step);
    for (let call = 0; call < 5; call++) {
      expect(numbers(compiled({ x }).loss)).toEqual(numbers(plain.step({ x }).loss));
    }
    expect(compiled.graphs).toBe(1);
    expect(numbers(recorded.kernel)).toEqual(numbers(plain.kernel));
    expect(numbers(recorded.up)).toEqual(numbers(plain.up));
    compiled.release();
  });

  test('a change of precision takes effect in steps that were recorded before', async () => {
    const filter = tf.tensor4d([1], [1, 1, 1, 1]);
    const compiled = compileStep(({ x }: { x: Tensor }) => ({ y: tf.conv2d(x as Tensor4D, filter, 1, 'same') }));
    const x = tf.tensor4d([below], [1, 1, 1, 1]);
    const threeTimes = (): number[] => [1, 2, 3].flatMap(() => numbers(compiled({ x }).y));
    expect(threeTimes()).toEqual([1, 1, 1]);
    await useEngine('native');
    expect(threeTimes()).toEqual([below, below, below]);
    await useEngine('native', { precision: 'bf16' });
    expect(threeTimes()).toEqual([1, 1, 1]);
    compiled.release();
  });
});
