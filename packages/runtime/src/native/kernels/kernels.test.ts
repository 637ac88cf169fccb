import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nativeBuilds } from '../install/install.ts';
import { installedPackages } from '../packages.ts';
import { useEngine } from '../../use-engine.ts';
import type { NodeBackend } from '../../compile/native/node-backend.ts';

const nativeInstalled = nativeBuilds().length > 0 || installedPackages().length > 0;

describe.skipIf(!nativeInstalled)('kernels of native (run installNative for these)', () => {
  const called: string[] = [];
  beforeAll(async () => {
    await useEngine('native');
    const backend = tf.backend() as unknown as NodeBackend;
    const { binding } = backend;
    const executeOp: typeof binding.executeOp = (name, ...rest) => {
      called.push(name);
      return binding.executeOp(name, ...rest);
    };
    backend.binding = Object.create(binding, { executeOp: { value: executeOp } }) as typeof binding;
  });
  afterAll(() => {
    const backend = tf.backend() as unknown as NodeBackend;
    backend.binding = Object.getPrototypeOf(backend.binding) as NodeBackend['binding'];
  });

  function calls(work: () => Tensor): { values: number[]; operations: string[] } {
    called.length = 0;
    const values = Array.from(work().dataSync());
    return { values, operations: [...called] };
  }

  test('the gradient of ReLU is one operation, and is 0 where the input is 0 or below', () => {
    const [x, dy] = [tf.tensor1d([-1, 0, 2, 3]), tf.tensor1d([5, 6, 7, 8])];
    const { values, operations } = calls(() => tf.grad((t) => tf.relu(t))(x, dy));
    expect(values).toEqual([0, 0, 7, 8]);
    expect(operations).toContain('ReluGrad');
    expect(operations).not.toContain('Select');
  });

  test('it has a second derivative: of ReLU(x)³ it is 6 ReLU(x)', () => {
    const slope = tf.grad((t) => tf.sum(tf.pow(tf.relu(t), 3)));
    const second = tf.grad((t) => tf.sum(slope(t)))(tf.tensor1d([-2, 1, 3]));
    expect(Array.from(second.dataSync())).toEqual([0, 6, 18].map((value) => expect.closeTo(value, 4)));
  });

  test('the gradient of ReLU stays right on other engines', async () => {
    await useEngine('cpu');
    expect(
      Array.from(
        tf
          .grad((t) => tf.relu(t))(tf.tensor1d([-1, 0, 2]))
          .dataSync(),
      ),
    ).toEqual([0, 0, 1]);
    await useEngine('native');
  });

  test('a vector along the last axis is added as a bias, and its gradient is the sum over all others', () => {
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 3, 1, 2]);
    const b = tf.tensor1d([10, 20]);
    const sum = calls(() => tf.add(x, b));
    expect(sum).toEqual({ values: [11, 22, 13, 24, 15, 26], operations: ['BiasAdd'] });
    const gradient = calls(() => tf.grads((s, t) => tf.mul(tf.add(s, t), x))([x, b])[1]!);
    // Of Σ x (s + t) by t: the columns of x, 1 + 3 + 5 and 2 + 4 + 6.
    expect(gradient.values).toEqual([9, 12]);
    expect(gradient.operations).toContain('BiasAddGrad');
  });

  test.each([
    ['other shapes', () => tf.add(tf.ones([2, 3]), tf.ones([2, 1])), [2, 2, 2, 2, 2, 2]],
    ['vectors', () => tf.add(tf.tensor1d([1, 2]), tf.tensor1d([3, 4])), [4, 6]],
    ['a bias on the left', () => tf.add(tf.tensor1d([10, 20]), tf.tensor2d([[1, 2]])), [11, 22]],
    ['whole numbers', () => tf.add(tf.tensor2d([[1, 2]], [1, 2], 'int32'), tf.tensor1d([3, 4], 'int32')), [4, 6]],
    ['one number for a whole row', () => tf.add(tf.tensor2d([[1, 2]]), tf.tensor1d([5])), [6, 7]],
    ['nothing', () => tf.add(tf.zeros([0, 2]), tf.tensor1d([1, 2])), []],
  ])('adding %s is as before', (_, work, expected) => {
    expect(calls(work)).toEqual({ values: expected, operations: expect.not.arrayContaining(['BiasAdd']) });
  });

  test.each([
    [
      [0, 1],
      [4, 6],
    ],
    [
      [-2, 0],
      [4, 6],
    ],
    [[2], [3, 7]],
    [[0], [1, 2, 3, 4]],
  ])('the sum over the axes %j is right', (axes, expected) => {
    expect(Array.from(tf.sum(tf.tensor3d([1, 2, 3, 4], [1, 2, 2]), axes).dataSync())).toEqual(expected);
  });
});
