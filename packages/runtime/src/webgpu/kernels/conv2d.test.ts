import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { runOn, type Operation } from '../../testing/gradients.ts';
import { pseudoRandom, relativeDifference } from '../../testing/values.ts';
import { engines, useEngine } from '../../use-engine.ts';

const { available, reason } = (await engines()).find(({ name }) => name === 'webgpu')!;

/** The tiles with which the products on the backend were computed: columns, quads, threads, rows of a thread. */
function tilesInUse(): Set<string> {
  const { pipelineCache } = tf.backend() as unknown as { pipelineCache: Record<string, unknown> };
  const keys = Object.keys(pipelineCache).map((key) => /^intersegProduct_(\d+_\d_\d+_\d)_/.exec(key)?.[1]);
  return new Set(keys.filter((key) => key !== undefined));
}

const tensor = (shape: number[], seed: number): tf.Tensor4D =>
  tf.tensor4d(pseudoRandom(tf.util.sizeFromShape(shape), seed), shape as [number, number, number, number]);

describe.skipIf(!available)(`webgpu${available ? '' : ` (skipped: ${reason})`}`, () => {
  beforeAll(async () => {
    await useEngine('cpu');
    await useEngine('webgpu');
  });

  /** Computes on both, with numbers of their own. */
  async function compare(run: () => tf.Tensor): Promise<void> {
    const found: Float32Array[] = [];
    for (const backend of ['cpu', 'webgpu']) {
      await tf.setBackend(backend);
      const y = tf.tidy(run);
      found.push(Float32Array.from(await y.data()));
      y.dispose();
    }
    expect(relativeDifference(found[1]!, found[0]!)).toBeLessThan(3e-6);
  }

  // Image, and filter: as many rows and columns as it takes for each tile, and edges in both.
  test.each([
    ['16_1_64_4', [1, 5, 7, 3], [3, 3, 3, 7]],
    ['16_1_128_4', [2, 128, 129, 4], [1, 1, 4, 13]],
    ['32_1_128_2', [1, 9, 6, 8], [3, 3, 8, 24]],
    ['32_1_128_4', [3, 60, 92, 4], [1, 1, 4, 32]],
    ['32_1_128_8', [2, 128, 129, 1], [2, 2, 1, 31]],
    ['64_2_128_2', [1, 23, 25, 4], [1, 1, 4, 900]],
    ['64_2_128_4', [1, 33, 33, 4], [1, 1, 4, 1020]],
    ['64_2_128_8', [1, 41, 51, 4], [1, 1, 4, 1020]],
  ])('a tile of %s gives the numbers of cpu', async (tile, image, filter) => {
    await compare(() => tf.conv2d(tensor(image, 1), tensor(filter, 2), 1, 'same'));
    expect(tilesInUse()).toContain(tile);
  });

  test.each([
    ['relu', [2, 7, 5, 8], [3, 3, 8, 12], 1],
    ['linear', [1, 6, 6, 5], [1, 1, 5, 3], 1],
    ['relu', [2, 6, 8, 4], [2, 2, 4, 6], 2],
    ['relu', [2, 7, 9, 4], [3, 3, 4, 8], 2],
    // The backend's own.
    ['sigmoid', [2, 7, 5, 8], [3, 3, 8, 12], 1],
  ] as const)('bias and %s of a convolution of %j with %j, stride %i', async (activation, image, filter, stride) => {
    const bias = tf.tensor1d(pseudoRandom(filter[3], 3));
    await compare(() =>
      tf.fused.conv2d({
        x: tensor([...image], 1),
        filter: tensor([...filter], 2),
        strides: stride,
        pad: 'same',
        bias: tf.mul(bias, 3),
        activation,
      }),
    );
    bias.dispose();
  });

  test('ReLU keeps what is not a number', async () => {
    const x = tf.tensor4d([1, NaN, -1], [1, 1, 3, 1]);
    const filter = tf.ones([1, 1, 1, 1]) as tf.Tensor4D;
    const y = tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', activation: 'relu' });
    expect([...(await y.data())]).toEqual([1, NaN, 0]);
    tf.dispose([x, filter, y]);
  });

  const transposed = (shapes: [number[], number[]], size: number, stride: number): Operation => ({
    name: '',
    shapes,
    run: (x, filter) => {
      const [samples, height, width] = x!.shape as [number, number, number];
      const out = [samples, height * stride, width * stride, size] as [number, number, number, number];
      return tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, out, stride, 'same');
    },
  });

  test.each([
    ['blocks of four channels', transposed([[2, 5, 3, 8], [2, 2, 12, 8]], 12, 2)], // prettier-ignore
    ['blocks of odd channels', transposed([[3, 4, 7, 5], [2, 2, 3, 5]], 3, 2)], // prettier-ignore
    ['blocks of three pixels', transposed([[1, 2, 5, 4], [3, 3, 5, 4]], 5, 3)], // prettier-ignore
    ['a filter turned round', transposed([[2, 9, 7, 6], [3, 3, 4, 6]], 4, 1)], // prettier-ignore
    ['what is left to the backend', transposed([[2, 5, 4, 4], [3, 3, 4, 4]], 4, 2)], // prettier-ignore
  ])('transposed convolution by %s, and its gradients', async (_, operation) => {
    const expected = await runOn('cpu', operation);
    const found = await runOn('webgpu', operation);
    expect(relativeDifference(found.value, expected.value)).toBeLessThan(3e-6);
    found.gradients.forEach((one, k) => expect(relativeDifference(one, expected.gradients[k]!)).toBeLessThan(1e-5));
  });
});
