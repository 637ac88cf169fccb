import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { nativeBuilds } from '../native/install/install.ts';
import { installedPackages } from '../native/packages.ts';
import { useEngine } from '../use-engine.ts';
import type { WasmBackend } from '../wasm/backend.ts';
import { withOutOfMemoryHint } from './out-of-memory-hint.ts';
import { isOutOfMemory, OutOfMemoryError } from './out-of-memory.ts';

const nativeInstalled = nativeBuilds().length > 0 || installedPackages().length > 0;

test('a step that can be released still can be', () => {
  const release = vi.fn();
  const step = withOutOfMemoryHint(Object.assign(() => ({}), { release }));
  (step as { release?: () => void }).release?.();
  expect(release).toHaveBeenCalledTimes(1);
  expect(withOutOfMemoryHint(() => ({}))).not.toHaveProperty('release');
});

describe('a step that has no memory for more than so many samples', () => {
  const variable = (): tf.Variable => tf.variable(tf.tensor1d([1]));

  /** Counts in a variable how often it ran, also where it fails after that. */
  const stepFor = (most: number, count: tf.Variable, error: Error = new OutOfMemoryError('wasm', 'full')) =>
    withOutOfMemoryHint(({ image }: { image: Tensor; rate: Tensor }) => {
      count.assign(tf.tidy(() => tf.add(count, 1)));
      if ((image.shape[0] as number) > most) throw error;
      return { samples: tf.scalar(image.shape[0] as number) };
    });
  const inputs = (batch: number) => ({ image: tf.zeros([batch, 2, 2, 1]), rate: tf.scalar(1) });

  test.each([
    [32, 5, 'a batch of 4 fits, use that one'],
    [7, 3, 'a batch of 3 fits'],
    [8, 1, 'a batch of 1 fits'],
    [8, 0, 'not even a batch of 1 fits, use a smaller image size or network'],
  ])('of %i, with room for %i, says: %s', async (batch, most, expected) => {
    await useEngine('cpu');
    const count = variable();
    const before = tf.memory().numTensors;
    const error = tf.tidy(() => {
      try {
        return stepFor(most, count)(inputs(batch));
      } catch (e) {
        return e as never;
      }
    }) as unknown;
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect((error as Error).message).toContain(
      `wasm engine: out of memory in a step with a batch of ${batch}; ${expected}`,
    );
    expect([...count.dataSync()]).toEqual([1]);
    expect(tf.memory().numTensors).toBe(before);
    count.dispose();
  });

  test('runs as it is where memory is enough, and throws other errors on', async () => {
    await useEngine('cpu');
    const count = variable();
    tf.tidy(() => {
      expect([...stepFor(8, count)(inputs(8))['samples'].dataSync()]).toEqual([8]);
      expect(() => stepFor(4, count, new Error('other'))(inputs(8))).toThrow(/^other$/);
    });
    count.dispose();
  });
});

test.each([
  ['OOM when allocating tensor with shape[8,128,128,64] and type float on /device:CPU:0 by allocator cpu', true],
  ['std::bad_alloc', true],
  ['Incompatible shapes: [2] vs. [3]', false],
])("TensorFlow's message %s is told from others", (message, expected) => {
  expect(isOutOfMemory(new Error(message))).toBe(expected);
});

test('wasm: a step whose features fill the heap says which batch fits, and that one runs', async () => {
  const engine = await useEngine('wasm', { threads: 2 });
  // 20 maps of 16 MiB a sample, of which the heap of 4096 MiB holds those of fewer than 13 samples.
  const step = withOutOfMemoryHint(({ image }: { image: Tensor }) =>
    tf.tidy(() => {
      // Their places are enough: to compute them would take seconds.
      const place = () => (tf.backend() as WasmBackend).makeOutput([...image.shape.slice(0, 3), 64], 'float32');
      for (let k = 0; k < 20; k++) tf.engine().makeTensorFromTensorInfo(place());
      return { y: tf.sum(tf.conv2d(image as Tensor4D, tf.ones([1, 1, 1, 2]), 1, 'same')) };
    }),
  );
  const call = (batch: number) => tf.tidy(() => step({ image: tf.ones([batch, 256, 256, 1]) }).y.dataSync()[0]);
  expect(() => call(16)).toThrow(
    /^wasm engine: out of memory in a step with a batch of 16; a batch of 8 fits, use that one, or a smaller/,
  );
  expect(call(2)).toBe(2 * 256 * 256 * 2);
  engine.release?.();
});

describe.skipIf(!nativeInstalled)('on native (needs an installed native engine)', () => {
  afterEach(() => void vi.restoreAllMocks());

  /** Four maps of as many float32 as the image has are kept for the gradient; the variable has 4 bytes. */
  const makeStep = (weight: tf.Variable) =>
    withOutOfMemoryHint(({ image }: { image: Tensor }) =>
      tf.tidy(() => {
        weight.assign(tf.mul(weight, 2));
        const maps = [1, 2, 3, 4].map((k) => tf.add(image, k));
        return { y: tf.sum(maps[3]!) };
      }),
    );

  test('a batch for which the free memory cannot be enough is refused before the step runs', async () => {
    await useEngine('native');
    const weight = tf.variable(tf.tensor1d([1]));
    const step = makeStep(weight);
    const call = (batch: number) => tf.tidy(() => step({ image: tf.zeros([batch, 1024, 1024, 1]) }).y.dataSync()[0]);
    // A sample takes 4 MiB for the image, of which slices are measured, too, and 16 MiB for the maps.
    const free = (mebibytes: number) => {
      vi.spyOn(process.memoryUsage, 'rss').mockReturnValue(0);
      vi.spyOn(process, 'availableMemory').mockReturnValue(mebibytes * 2 ** 20);
    };
    free(204);
    expect(() => call(16)).toThrow(
      /^native engine: a step with a batch of 16 takes 0\.3 GiB of memory at least and 0\.2 GiB are free; a batch of 8 fits, use/,
    );
    expect([...weight.dataSync()]).toEqual([1]);
    expect(call(8)).toBe(8 * 1024 * 1024 * 4);
    expect([...weight.dataSync()]).toEqual([2]);
    free(1);
    expect(() => call(16)).toThrow('not even a batch of 1 fits');
    weight.dispose();
  });
});
