import { OptionError } from '@interseg/errors';
import { describe, expect, it } from 'vitest';
import { completeAugmentation } from '../augmentation/settings.ts';
import type { Batch } from '../slices/batches/batches.ts';
import { slicesFromArrays, type ArraySlices } from './slices-from-arrays.ts';

const shape = [7, 8, 4, 2];
/** Slice s of channel c is s/8 + c/16 all over, so that batches tell which slices they hold. */
const images = {
  data: Float32Array.from({ length: 7 * 8 * 4 * 2 }, (_, i) => Math.floor(i / 64) / 8 + (i % 2) / 16),
  shape,
};
/** The first s + 1 pixels of slice s. */
const masks = { data: Uint8Array.from({ length: 7 * 32 }, (_, i) => (i % 32 <= i / 32 ? 1 : 0)), shape: [7, 8, 4, 1] };

async function collect(source: ArraySlices, options: Parameters<ArraySlices['batches']>[0]): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of source.batches(options)) batches.push(batch);
  return batches;
}

const order = async (source: ArraySlices, epoch: number, seed: number | string = 1): Promise<number[]> =>
  (await collect(source, { batchSize: 3, seed, epoch })).flatMap(({ slices }) => slices);

describe('slicesFromArrays', () => {
  it('gives every slice once an epoch, with its mask', async () => {
    const source = await slicesFromArrays(images, masks);
    expect(source).toMatchObject({ length: 7, size: [8, 4], channels: 2, classes: 1 });
    const batches = await collect(source, { batchSize: 3, seed: 1, epoch: 2 });
    expect(batches.map(({ count }) => count)).toEqual([3, 3, 1]);
    expect(batches.flatMap(({ slices }) => slices).sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const batch of batches) {
      batch.slices.forEach((slice, index) => {
        expect(batch.images.subarray(index * 64, (index + 1) * 64)).toEqual(
          images.data.subarray(slice * 64, slice * 64 + 64),
        );
        const own = batch.masks.subarray(index * 32, (index + 1) * 32);
        expect(own.reduce((a, b) => a + b)).toBe(slice + 1);
      });
      expect(batch.cases).toEqual(batch.slices.map((slice) => `slice ${slice}`));
    }
  });

  it('orders slices by seed and epoch alone', async () => {
    const [one, other] = [await slicesFromArrays(images, masks), await slicesFromArrays(images, masks)];
    await order(other, 5);
    expect(await order(one, 1)).toEqual(await order(other, 1));
    expect(await order(one, 1)).not.toEqual(await order(one, 2));
    expect(await order(one, 1)).not.toEqual(await order(one, 1, 'another'));
    const plain = await collect(one, { batchSize: 10, shuffle: false });
    expect(plain[0]!.slices).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('takes tensors, any typed array, and one channel without its axis', async () => {
    const flat = { data: async () => Int16Array.from({ length: 32 }, (_, i) => i), shape: [2, 4, 4] };
    const source = await slicesFromArrays(flat, { data: new Float64Array(32), shape: [2, 4, 4] });
    expect(source).toMatchObject({ length: 2, channels: 1, classes: 1 });
    const [batch] = await collect(source, { batchSize: 2, shuffle: false });
    expect([...batch!.images]).toEqual([...Array(32).keys()]);
  });

  it('augments each slice by seed, epoch and its number, in any batch and on either side of a split', async () => {
    const augmentation = completeAugmentation('full');
    const source = await slicesFromArrays(images, masks, { augmentation });
    const bySlice = async (from: ArraySlices, batchSize: number): Promise<Map<number, number[]>> =>
      new Map(
        (await collect(from, { batchSize, seed: 1, epoch: 1 })).flatMap((batch) =>
          batch.slices.map((slice, i) => [slice, [...batch.images.subarray(i * 64, i * 64 + 64)]] as const),
        ),
      );
    const all = await bySlice(source, 2);
    expect(all).toEqual(new Map([...(await bySlice(source, 7))]));
    const { train } = source.split(0.5);
    for (const [slice, values] of await bySlice(train, 3)) expect(values).toEqual(all.get(slice));
    const plain = await bySlice(await slicesFromArrays(images, masks), 7);
    expect([...all].some(([slice, values]) => values.some((value, i) => value !== plain.get(slice)![i]))).toBe(true);
    // All intensities are in [0, 1] and stay there; validation sees the slices as they are.
    for (const values of all.values()) for (const value of values) expect(value >= 0 && value <= 1).toBe(true);
    for await (const one of source.cases()) expect(one.images).toEqual(images.data);
  });

  it('takes all slices for one volume, or groups them by their case', async () => {
    const cases = ['a', 'b', 'a', 'c', 'c', 'b', 'a'];
    const found: Record<string, number[]> = {};
    for await (const one of (await slicesFromArrays(images, masks, { cases })).cases()) {
      expect(one.images).toHaveLength(one.slices * 64);
      found[one.id] = Array.from({ length: one.slices }, (_, s) =>
        one.masks.subarray(s * 32, s * 32 + 32).reduce((sum, value) => sum + value, 0),
      );
    }
    expect(found).toEqual({ a: [1, 3, 7], b: [2, 6], c: [4, 5] });
    const whole: number[] = [];
    for await (const { slices } of (await slicesFromArrays(images, masks)).cases()) whole.push(slices);
    expect(whole).toEqual([7]);
  });

  it('splits by slice, or by case, as the seed says', async () => {
    const slicesOf = async (source: ArraySlices) =>
      (await collect(source, { batchSize: 7, shuffle: false }))[0]!.slices;
    const source = await slicesFromArrays(images, masks);
    const { train, validation } = source.split(0.3);
    expect([train.length, validation.length]).toEqual([5, 2]);
    expect([...(await slicesOf(train)), ...(await slicesOf(validation))].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(await slicesOf(source.split(0.3).validation)).toEqual(await slicesOf(validation));
    const seeds = await Promise.all([1, 2, 3, 4].map((seed) => slicesOf(source.split(0.3, seed).validation)));
    expect(new Set(seeds.map(String)).size).toBeGreaterThan(1);
    expect(source.split(0.01).validation.length).toBe(1);
    expect(source.split(0.99).train.length).toBe(1);

    const byCase = await slicesFromArrays(images, masks, { cases: ['a', 'b', 'a', 'c', 'c', 'b', 'a'] });
    const groups = [
      [0, 2, 6],
      [1, 5],
      [3, 4],
    ].map(String);
    expect(groups).toContain(String(await slicesOf(byCase.split(0.3).validation)));
  });

  const tiny = { data: new Float32Array(16), shape: [1, 4, 4, 1] };
  const none = { data: new Uint8Array(16), shape: [1, 4, 4, 1] };
  it.each([
    [
      'a flat shape',
      { ...tiny, shape: [16] },
      none,
      'images: found the shape [16], expected [N, H, W, C] or [N, H, W]',
    ],
    ['no slice', { data: [], shape: [0, 4, 4, 1] }, none, 'with at least one slice'],
    [
      'masks of another size',
      tiny,
      { ...none, shape: [1, 2, 8, 1] },
      'expected [1, 4, 4, K] as images are [1, 4, 4, 1]',
    ],
    [
      'fewer values',
      { ...tiny, data: new Float32Array(15) },
      none,
      'images: found 15 values, expected 16 for [1, 4, 4, 1]',
    ],
    ['NaN', { ...tiny, data: tiny.data.map(() => NaN) }, none, 'images: found NaN in slice 0, expected finite'],
    ['more than float32', { ...tiny, data: new Float64Array(16).fill(1e39) }, none, 'images: found 1e+39 in slice 0'],
    ['labels', tiny, { ...none, data: none.data.map(() => 2) }, 'masks: found 2 in slice 0, expected 0 or 1.'],
    ['NaN in masks', tiny, { ...none, data: new Float32Array(16).fill(NaN) }, 'masks: found NaN in slice 0'],
  ])('refuses %s', async (_, someImages, someMasks, message) => {
    const error = await slicesFromArrays(someImages, someMasks).catch((reason: Error) => reason);
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toContain(message);
  });

  it('refuses options that do not fit', async () => {
    await expect(slicesFromArrays(images, masks, { cases: ['a'] })).rejects.toThrow(
      new OptionError('cases: found 1 names, expected 7: one for each slice.'),
    );
    const source = await slicesFromArrays(images, masks);
    expect(() => source.batches({ batchSize: 0 })).toThrow(OptionError);
    for (const fraction of [0, 1, NaN]) expect(() => source.split(fraction)).toThrow(OptionError);
    const single = await slicesFromArrays(tiny, none);
    expect(() => single.split(0.5)).toThrow(new OptionError('Found 1 case to split, expected at least two.'));
  });
});
