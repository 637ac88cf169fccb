import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { engines } from '../use-engine.ts';
import { checkEngine } from './check-engine.ts';

const available = new Set((await engines()).filter((engine) => engine.available).map(({ name }) => name));

for (const name of ['cpu', 'wasm', 'webgpu', 'native'] as const) {
  test.skipIf(!available.has(name))(`${name} gives the known numbers, where it is available`, async () => {
    const check = await checkEngine(name);
    expect(check.computations.filter(({ passed }) => !passed)).toEqual([]);
    expect(check.passed).toBe(true);
    expect(check.engine.name).toBe(name);
    expect(check.gigaflops).toBeGreaterThan(0);
    expect(check.memoryBytes).toBeGreaterThan(1e8);
  });
}

test('a wrong kernel is found, with what was found and expected', async () => {
  await checkEngine('cpu');
  const right = tf.getKernel('Conv2DBackpropFilter', 'cpu');
  tf.unregisterKernel('Conv2DBackpropFilter', 'cpu');
  tf.registerKernel({
    ...right,
    kernelFunc: ({ attrs }) => tf.fill((attrs as { filterShape: number[] }).filterShape, 7),
  });
  try {
    const check = await checkEngine('cpu');
    expect(check.passed).toBe(false);
    expect(check.gigaflops).toBe(0);
    expect(check.computations.filter(({ passed }) => !passed)).toEqual([
      {
        name: 'gradient of a convolution by its kernel',
        passed: false,
        message: 'found 7, 7, 7, 7, 7, 7, 7, 7, 7; expected 9, 12, 9, 12, 16, 12, 9, 12, 9',
      },
    ]);
  } finally {
    tf.unregisterKernel('Conv2DBackpropFilter', 'cpu');
    tf.registerKernel(right);
  }
});
