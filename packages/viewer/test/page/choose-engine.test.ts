import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelFiles } from '@interseg/inference';
import { useEngine, type Engine } from '@interseg/runtime';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadOnEngine, type Engines } from '../../page/src/worker/choose-engine.ts';

const engine = (name: 'wasm' | 'webgpu'): Engine => ({
  name,
  description: name,
  version: '',
  threads: 1,
  device: '',
});
let files: ModelFiles;
/** What the engine does that is as if it were in use: how long it takes for a tile, and how wrong it is. */
let behavior = { milliseconds: 0, error: 0 };

beforeAll(async () => {
  await useEngine('wasm', { threads: 1 });
  const file = async (name: string): Promise<File> =>
    new File([new Uint8Array(await readFile(join(import.meta.dirname, '..', 'fixture', name)))], name);
  files = { model: await file('model.json'), weights: await file('weights.bin') };
  let clock = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
  const backend = tf.backend();
  const read = backend.read.bind(backend);
  vi.spyOn(backend, 'read').mockImplementation(async (id) => {
    clock += behavior.milliseconds;
    return ((await read(id)) as Float32Array).map((value) => value + behavior.error);
  });
});
afterAll(() => void vi.restoreAllMocks());

/** Engines that are all one: the second is as if it were a GPU, and may be wrong or slow. */
function fakes({ isSoftware = false, error = 0, milliseconds = 10, failure = '' } = {}) {
  const started: string[] = [];
  const engines: Engines = {
    wasm: async () => {
      started.push('wasm');
      behavior = { milliseconds: 100, error: 0 };
      return engine('wasm');
    },
    webgpu: async () => {
      started.push('webgpu');
      if (failure) throw new Error(failure);
      behavior = { milliseconds, error };
      return engine('webgpu');
    },
    findWebGpu: async () => ({ device: 'nvidia ampere', isSoftware }),
  };
  return { engines, started };
}

const slow = 101;

describe('a model runs', () => {
  it.each([
    ['on wasm where it is asked for, without a look at the GPU', 'wasm', {}, 'wasm', undefined],
    ['on webgpu where there is a GPU that is sooner', undefined, {}, 'webgpu', undefined],
    [
      'on webgpu where it is asked for, however slow',
      'webgpu',
      { milliseconds: slow, isSoftware: true },
      'webgpu',
      undefined,
    ],
    [
      'on wasm where a program stands in the place of a GPU',
      undefined,
      { isSoftware: true },
      'wasm',
      'WebGPU is not used: nvidia ampere is a program in the place of a GPU, slower than wasm.',
    ],
    [
      'on wasm where the GPU is slower',
      undefined,
      { milliseconds: slow },
      'wasm',
      'WebGPU is not used: it is slower than wasm with this model.',
    ],
    [
      'on wasm where the GPU computes other probabilities',
      undefined,
      { error: 0.002 },
      'wasm',
      'WebGPU is not used: its probabilities differ by 0.0020.',
    ],
    [
      'on wasm where the GPU does not start',
      undefined,
      { failure: 'webgpu engine: it does not start: no device.' },
      'wasm',
      'WebGPU is not used: webgpu engine: it does not start: no device.',
    ],
  ] as const)('%s', async (_, wanted, gpu, expected, note) => {
    const tensors = tf.memory().numTensors;
    const { engines, started } = fakes(gpu);
    const loaded = await loadOnEngine(files, { engine: wanted }, engines);
    expect([loaded.engine.name, loaded.note]).toEqual([expected, note]);
    // Of the two models only one is left, on the engine that was started last.
    expect(started.at(-1)).toBe(expected);
    expect(tf.memory().numTensors - tensors).toBe(loaded.model.weights.length);
    loaded.model.dispose();
  });

  it('nowhere where webgpu is asked for and wrong', async () => {
    const tensors = tf.memory().numTensors;
    for (const error of [0.5, NaN]) {
      await expect(loadOnEngine(files, { engine: 'webgpu' }, fakes({ error }).engines)).rejects.toThrow(
        `The address of the page asks for WebGPU, which cannot be used: its probabilities differ by ${error ? '0.50' : 'NaN'}.`,
      );
    }
    expect(tf.memory().numTensors).toBe(tensors);
  });
});
