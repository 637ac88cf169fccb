import * as tf from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';
import { describe, expect, test } from 'vitest';
import { nativeBuilds } from './native/install/install.ts';
import { installedPackages } from './native/packages.ts';
import { engines, useEngine } from './use-engine.ts';

const nativeInstalled = nativeBuilds().length > 0 || installedPackages().length > 0;

/** 3 + 4 = 7, computed on the engine in use. */
function add(): number {
  return tf.tidy(() => tf.add(tf.tensor1d([3]), 4).dataSync()[0]!);
}

describe('engines', () => {
  test('are told best first, with a reason for each that cannot run', async () => {
    const statuses = await engines();
    expect(statuses.map((s) => s.name)).toEqual(['native', 'webgpu', 'wasm', 'cpu']);
    for (const status of statuses) expect(status.reason === undefined).toBe(status.available);
    // Chromium's driver in software, where tests find one, or no driver at all.
    if (statuses[1]!.available) expect(statuses[1]).toMatchObject({ training: true, version: '4.22.0' });
    else expect(statuses[1]!.reason).toContain('Dawn finds no GPU');
    expect(statuses[2]).toMatchObject({ available: true, training: true, version: '4.22.0' });
    expect(statuses[3]).toMatchObject({ available: true, training: true, version: '4.22.0' });
  });
});

describe('useEngine', () => {
  test('sets the backend, and says what runs', async () => {
    const engine = await useEngine('wasm', { threads: 2 });
    expect(engine).toMatchObject({ name: 'wasm', description: 'wasm (SIMD, 2 threads)', threads: 2, device: 'cpu' });
    expect(tf.getBackend()).toBe('wasm');
    expect(add()).toBe(7);
  });

  test('can be called again: the same engine stays, with its tensors', async () => {
    const first = await useEngine('wasm', { threads: 2 });
    const kept = tf.tensor1d([1, 2, 3]);
    expect(await useEngine('wasm', { threads: 2 })).toBe(first);
    expect([...kept.dataSync()]).toEqual([1, 2, 3]);
    kept.dispose();
  });

  test('can change the number of threads, release the engine and start it anew', async () => {
    const one = await useEngine('wasm', { threads: 1 });
    expect(one.description).toBe('wasm (SIMD, 1 thread)');
    expect(add()).toBe(7);
    one.release?.();
    const three = await useEngine('wasm', { threads: 3 });
    expect(three.threads).toBe(3);
    expect(add()).toBe(7);
    three.release?.();
  });

  test('cpu runs, and comes back to wasm', async () => {
    const cpu = await useEngine('cpu');
    expect(cpu).toMatchObject({ name: 'cpu', threads: 1, device: 'cpu' });
    expect(add()).toBe(7);
    await useEngine('wasm', { threads: 2 });
    expect(tf.getBackend()).toBe('wasm');
  });

  test('auto takes the best that works', async () => {
    expect((await useEngine('auto')).name).toBe(nativeInstalled ? 'native' : 'wasm');
  });

  test.skipIf(nativeInstalled)('native says how to install it', async () => {
    await expect(useEngine('native')).rejects.toThrow(
      'native engine: it is not installed, run interseg engine install (or installNative); or use wasm.',
    );
  });

  test.skipIf(!nativeInstalled)('native: needs an installed native engine', async () => {
    const engine = await useEngine('native');
    expect(engine.description).toMatch(/^native \(TensorFlow 2\.\d+\.\d+, /);
    expect(tf.getBackend()).toBe('tensorflow');
    expect(add()).toBe(7);
    await expect(useEngine('native', { threads: engine.threads + 1 })).rejects.toThrow('cannot be changed once');
  });

  test('refuses threads and names that make no sense, and says what was expected', async () => {
    await expect(useEngine('wasm', { threads: 0 })).rejects.toThrow(
      'threads is 0, expected a whole number from 1 to 256.',
    );
    await expect(useEngine('wasm', { threads: 0 })).rejects.toThrow(OptionError);
    await expect(useEngine('wasm', { threads: 1.5 })).rejects.toThrow('threads is 1.5');
    await expect(useEngine('wasm', { threads: 257 })).rejects.toThrow(OptionError);
    await expect(useEngine('fast' as 'wasm')).rejects.toThrow('expected auto or one of native, webgpu, wasm, cpu');
  });

  test('registers the gradients that tfjs-core alone lacks in Node', async () => {
    await useEngine('wasm');
    expect(tf.getGradient('Conv2D')).toBeDefined();
  });
});
