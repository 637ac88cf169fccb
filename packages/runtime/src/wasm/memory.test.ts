import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EngineError } from '../engine-error.ts';
import type { Engine } from '../types.ts';
import { useEngine } from '../use-engine.ts';
import type { WasmBackend } from './backend.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await useEngine('wasm', { threads: 2 });
});
afterAll(() => engine.release?.());

const backend = (): WasmBackend => tf.backend() as WasmBackend;

test('two hundred training steps leave tensors and heap as they were', () => {
  const variable = (shape: number[]): tf.Variable => tf.variable(tf.randomNormal(shape, 0, 0.3, 'float32', 1));
  const [first, second, up] = [variable([3, 3, 1, 8]), variable([3, 3, 8, 8]), variable([2, 2, 8, 8])];
  const head = variable([1, 1, 16, 1]);
  const x = tf.randomNormal([4, 16, 16, 1], 0, 1, 'float32', 2) as tf.Tensor4D;
  const labels = tf.cast(tf.greater(x, 0.5), 'float32');
  const normalize = (t: tf.Tensor): tf.Tensor => {
    const centerd = tf.sub(t, tf.mean(t, [1, 2], true));
    return tf.mul(centerd, tf.rsqrt(tf.add(tf.mean(tf.square(centerd), [1, 2], true), 1e-5)));
  };
  const loss = (): tf.Scalar => {
    const a = tf.relu(normalize(tf.conv2d(x, first as tf.Tensor4D, 1, 'same'))) as tf.Tensor4D;
    const b = tf.relu(normalize(tf.conv2d(tf.maxPool(a, 2, 2, 'valid'), second as tf.Tensor4D, 1, 'same')));
    const c = tf.conv2dTranspose(b as tf.Tensor4D, up as tf.Tensor4D, [4, 16, 16, 8], 2, 'same');
    const y = tf.sigmoid(tf.conv2d(tf.concat([a, c], 3), head as tf.Tensor4D, 1, 'same'));
    return tf.mean(tf.squaredDifference(y, labels));
  };
  const optimizer = tf.train.adam(0.01);
  const losses: number[] = [];
  const step = (): void => {
    const value = optimizer.minimize(loss, true)!;
    losses.push(value.dataSync()[0]!);
    value.dispose();
  };
  for (let k = 0; k < 20; k++) step();
  const tensors = tf.memory().numTensors;
  const heap = backend().wasm.HEAPU8.length;
  for (let k = 0; k < 200; k++) step();
  expect(tf.memory().numTensors).toBe(tensors);
  expect(backend().wasm.HEAPU8.length).toBe(heap);
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 4);
  tf.dispose([x, labels]);
  optimizer.dispose();
  tf.disposeVariables();
});

test('a full heap is an error that says so; what lies in it stays, and work can go on', () => {
  const kept = tf.tensor1d([1, 2, 3, 4]);
  const blocks: tf.TensorInfo[] = [];
  const fill = (): void => {
    for (let k = 0; k < 20; k++) blocks.push(backend().makeOutput([2 ** 26], 'float32'));
  };
  let error: unknown;
  try {
    fill();
  } catch (e) {
    error = e;
  }
  expect(error).toBeInstanceOf(EngineError);
  expect((error as Error).message).toMatch(
    /^wasm engine: out of memory for a tensor of \[67108864\] \(256 MiB; the heap has \d+ MiB and can have 4096 MiB\); use a smaller batch/,
  );
  expect(blocks.length).toBeGreaterThanOrEqual(14);
  expect([...kept.dataSync()]).toEqual([1, 2, 3, 4]);
  for (const block of blocks) backend().disposeData(block.dataId);
  expect([...tf.tidy(() => tf.mul(kept, 2)).dataSync()]).toEqual([2, 4, 6, 8]);
});

test('a tensor of more bytes than 32 bits can count is an error, too', () => {
  // 4 GiB and 64 bytes, of which malloc would see the 64.
  expect(() => backend().makeOutput([2 ** 30 + 16], 'float32')).toThrow(/out of memory for a tensor of \[1073741840\]/);
});
