import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { engines, useEngine } from '../../use-engine.ts';
import { compileStep } from '../compile-step.ts';
import { counted } from '../../testing/counted-step.ts';

const { available, reason } = (await engines()).find(({ name }) => name === 'webgpu')!;

const numbers = async (tensor: Tensor): Promise<number[]> => Array.from(await tensor.data());

const memory = () => {
  const { numTensors, numDataBuffers, numBytesInGPU, numBytesAllocatedInGPU } = tf.memory() as tf.MemoryInfo &
    Record<'numBytesInGPU' | 'numBytesAllocatedInGPU', number>;
  return { numTensors, numDataBuffers, numBytesInGPU, numBytesAllocatedInGPU };
};

describe.skipIf(!available)(`compileStep on webgpu${available ? '' : ` (skipped: ${reason})`}`, () => {
  const variables: Variable[] = [];
  const variable = (values: number[]): Variable => {
    variables.push(tf.variable(tf.tensor1d(values)));
    return variables.at(-1)!;
  };
  beforeAll(async () => {
    await useEngine('webgpu');
  });
  afterEach(() => tf.dispose(variables.splice(0)));

  /** A network with a down- and an upsampling, trained by Adam. */
  function smallNetwork() {
    const weights = (shape: number[], seed: number) =>
      tf.tidy(() => tf.variable(tf.randomNormal(shape, 0, 0.3, 'float32', seed))) as Variable & Tensor4D;
    const [kernel, up, head] = [weights([3, 3, 2, 4], 2), weights([2, 2, 4, 4], 3), weights([1, 1, 8, 1], 4)];
    const bias = tf.tidy(() => tf.variable(tf.zeros([4])));
    const all = [kernel, bias, up, head];
    const optimizer = tf.train.adam(0.01);
    const forward = (x: Tensor4D): Tensor4D => {
      const [samples, height, width] = x.shape;
      const h = tf.relu(tf.add(tf.conv2d(x, kernel, 1, 'same'), bias)) as Tensor4D;
      const p = tf.maxPool(h, 2, 2, 'valid');
      const u = tf.conv2dTranspose(p, up, [samples, height, width, 4], 2, 'same');
      const mean = tf.mean(u, [1, 2], true);
      return tf.sigmoid(tf.conv2d(tf.concat([tf.sub(u, mean) as Tensor4D, h], 3), head, 1, 'same'));
    };
    const step = ({ x, rate }: { x: Tensor; rate: Tensor }) => ({
      loss: optimizer.minimize(
        () => {
          const target = tf.slice(x, [0, 0, 0, 0], [-1, -1, -1, 1]);
          return tf.mul(tf.mean(tf.squaredDifference(forward(x as Tensor4D), target)), rate);
        },
        true,
        all,
      ) as Tensor,
    });
    const infer = ({ x }: { x: Tensor }) => tf.tidy(() => ({ y: forward(x as Tensor4D) }));
    const dispose = () => {
      optimizer.dispose();
      tf.dispose(all);
    };
    return { step, infer, all, dispose };
  }

  test('training and inference are replayed with the numbers of the step itself, for two shapes', async () => {
    const [plain, replayed] = [smallNetwork(), smallNetwork()];
    const { compiled, seen } = counted(replayed.step);
    const inference = counted(replayed.infer);
    const losses: number[] = [];
    for (let k = 0; k < 16; k++) {
      const x = tf.randomNormal([k % 4 === 3 ? 1 : 2, 8, 8, 2], 0, 1, 'float32', k + 1);
      const rate = tf.scalar(1 + k / 10);
      const [one, other] = [plain.step({ x, rate }).loss, compiled({ x, rate }).loss];
      losses.push((await numbers(one))[0]!);
      expect(await numbers(other)).toEqual([expect.closeTo(losses[k]!, 6)]);
      const [y, z] = [plain.infer({ x }).y, inference.compiled({ x }).y];
      const expected = await numbers(y);
      (await numbers(z)).forEach((value, at) => expect(Math.abs(value - expected[at]!)).toBeLessThan(1e-6));
      tf.dispose([x, rate, one, other, y, z]);
    }
    for (const [k, one] of plain.all.entries()) {
      const expected = await numbers(one);
      expect(await numbers(replayed.all[k]!)).toEqual(expected.map((value) => expect.closeTo(value, 5)));
    }
    expect(losses[12]! / 2.2).toBeLessThan(losses[0]!);
    // The first call makes Adam's moments; then two for each shape are recorded.
    expect(seen).toEqual({ calls: 5, reasons: [] });
    expect(inference.seen).toEqual({ calls: 4, reasons: [] });
    expect([compiled.graphs, inference.compiled.graphs]).toEqual([2, 2]);
    compiled.release();
    inference.compiled.release();
    plain.dispose();
    replayed.dispose();
  });

  test('replays leave tensors and memory as they were; releasing them frees the memory of the GPU', async () => {
    const before = memory();
    const network = smallNetwork();
    const { compiled, seen } = counted(network.step);
    const once = async () => {
      const x = tf.randomNormal([2, 8, 8, 2], 0, 1, 'float32', 1);
      const rate = tf.scalar(1);
      const { loss } = compiled({ x, rate });
      await loss.data();
      tf.dispose([x, rate, loss]);
    };
    for (let k = 0; k < 4; k++) await once();
    const steady = memory();
    for (let k = 0; k < 20; k++) await once();
    expect(memory()).toEqual(steady);
    expect(seen).toEqual({ calls: 3, reasons: [] });
    compiled.release();
    const released = memory();
    expect(released.numBytesAllocatedInGPU).toBeLessThan(steady.numBytesAllocatedInGPU - 2 * 8 * 8 * 4 * 4);
    expect(released.numBytesInGPU).toBeLessThan(steady.numBytesInGPU);
    await once();
    expect(seen.calls).toBe(4);
    compiled.release();
    network.dispose();
    const { numTensors, numDataBuffers, numBytesInGPU } = memory();
    expect({ numTensors, numDataBuffers }).toEqual({
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
    });
    expect(numBytesInGPU).toBe(before.numBytesInGPU);
  });

  /** A step that multiplies a variable by its input, and returns the new sum. */
  function multiplying() {
    const weight = variable([1, 2]);
    const { compiled, seen } = counted(({ x }: { x: Tensor }) =>
      tf.tidy(() => {
        weight.assign(tf.mul(weight, x));
        return { y: tf.sum(weight) };
      }),
    );
    const call = async (x: number) => (await numbers(compiled({ x: tf.scalar(x) }).y))[0];
    return { weight, compiled, seen, call };
  }

  test('what a variable was set to from outside is what the next replay reads', async () => {
    const { weight, seen, call } = multiplying();
    expect([await call(2), await call(2), await call(2), await call(1)]).toEqual([6, 12, 24, 24]);
    weight.assign(tf.tensor1d([1, 1]));
    expect(await call(3)).toBe(6);
    weight.assign(tf.cast(tf.tensor1d([3, 4], 'int32'), 'float32'));
    expect(await call(2)).toBe(14);
    expect(await numbers(weight)).toEqual([6, 8]);
    expect(await call(2)).toBe(28);
    expect(seen).toEqual({ calls: 2, reasons: [] });
  });

  test('tensors that share the data of a variable keep its numbers', async () => {
    const { weight, seen, call, compiled } = multiplying();
    for (const x of [2, 2, 2]) await call(x);
    const clone = tf.clone(weight);
    const shaped = tf.reshape(weight, [1, 2]);
    const other = variable([0, 0]);
    await call(2);
    other.assign(weight as unknown as tf.Tensor1D);
    expect(await call(0.5)).toBe(24);
    expect([await numbers(clone), await numbers(shaped)]).toEqual([[8, 16], [8, 16]]); // prettier-ignore
    expect(await numbers(other)).toEqual([16, 32]);
    // A snapshot that is restored, and held for longer.
    weight.assign(clone);
    expect([await call(1), await call(2)]).toEqual([24, 48]);
    expect([await numbers(clone), await numbers(weight)]).toEqual([[8, 16], [16, 32]]); // prettier-ignore
    compiled.release();
    expect([await numbers(clone), await numbers(weight)]).toEqual([[8, 16], [16, 32]]); // prettier-ignore
    expect(await call(2)).toBe(96);
    expect(seen.calls).toBe(3);
  });

  test('numbers that are read while a replay is under way are those of the call, and not kept for later', async () => {
    const { weight, call, compiled } = multiplying();
    for (const x of [2, 2, 2]) await call(x);
    const early = weight.data();
    const { y } = compiled({ x: tf.scalar(2) });
    expect([...(await early)]).toEqual([8, 16]);
    expect(await numbers(weight)).toEqual([16, 32]);
    expect(await numbers(y)).toEqual([48]);
  });

  test('results of earlier replays keep their numbers, as do inputs', async () => {
    const weight = variable([5]);
    const { compiled, seen } = counted(({ x }: { x: Tensor }) => {
      const same = tf.neg(x);
      const old = tf.clone(weight);
      weight.assign(tf.add(weight, 1));
      return { x: tf.clone(x), old, weight: tf.clone(weight), one: tf.scalar(1), a: same, b: tf.clone(same) };
    });
    const all = [1, 2, 3, 4].map((value) => compiled({ x: tf.tensor1d([value]) }));
    for (const [k, results] of all.entries()) {
      const found: Record<string, number> = {};
      for (const [name, tensor] of Object.entries(results)) found[name] = (await numbers(tensor))[0]!;
      const value = k + 1;
      expect(found).toEqual({ x: value, old: 5 + k, weight: 6 + k, one: 1, a: -value, b: -value });
    }
    expect(seen).toEqual({ calls: 2, reasons: [] });
  });

  test('swapped and restored variables are read where they are now', async () => {
    const [p, q] = [variable([1]), variable([2])];
    const { compiled, seen } = counted(({ x }: { x: Tensor }) =>
      tf.tidy(() => {
        const old = tf.clone(p);
        p.assign(q as unknown as tf.Tensor1D);
        q.assign(old);
        return { y: tf.add(tf.mul(p, 10), tf.add(q, x)) };
      }),
    );
    const call = async (x: number) => (await numbers(compiled({ x: tf.scalar(x) }).y))[0];
    expect([await call(0), await call(1), await call(2), await call(3)]).toEqual([21, 13, 23, 15]);
    q.assign(tf.tensor1d([7]));
    expect(await call(0)).toEqual(71);
    expect([await numbers(p), await numbers(q), seen.calls]).toEqual([[7], [1], 2]);
    tf.tidy(() => {
      const old = tf.clone(p);
      p.assign(q as unknown as tf.Tensor1D);
      q.assign(old);
    });
    expect(await call(0)).toEqual(71);
  });

  test('two variables that were set to the same data are told apart', async () => {
    const [p, q] = [variable([1]), variable([2])];
    p.assign(q as unknown as tf.Tensor1D);
    const { compiled } = counted(({ x }: { x: Tensor }) =>
      tf.tidy(() => {
        p.assign(tf.add(p, x));
        return { y: tf.add(tf.mul(p, 10), q) };
      }),
    );
    const call = async (x: number) => (await numbers(compiled({ x: tf.scalar(x) }).y))[0];
    expect([await call(1), await call(1), await call(1)]).toEqual([32, 42, 52]);
    q.assign(p as unknown as tf.Tensor1D);
    expect(await call(1)).toBe(65);
  });

  test('inputs come from the host or the GPU, of any type, and may share their data', async () => {
    const { compiled, seen } = counted(({ a, b }: { a: Tensor; b: Tensor }) => ({ y: tf.sub(tf.mul(a, 10), b) }));
    const call = async (a: Tensor, b: Tensor) => numbers(compiled({ a, b }).y);
    const a = tf.tensor1d([1, 2]);
    for (let k = 0; k < 2; k++) expect(await call(a, tf.clone(a))).toEqual([9, 18]);
    const onGpu = tf.add(tf.fill([2], 1), a);
    expect(await call(a, onGpu)).toEqual([8, 17]);
    expect(await call(onGpu, tf.tensor1d([3, 3]))).toEqual([17, 27]);
    expect(seen.calls).toBe(2);
    // Whole numbers on the GPU although the tensor is of fractions: not the same programs.
    const cast = tf.cast(tf.greater(onGpu, 2), 'float32');
    for (let k = 0; k < 3; k++) expect(await call(cast, a)).toEqual([-1, 8]);
    expect(seen).toEqual({ calls: 4, reasons: [] });
  });

  test('each shape has its own list, the one used longest ago goes first', async () => {
    let calls = 0;
    const step = compileStep(
      ({ x }: { x: Tensor }) => {
        calls++;
        return { sum: tf.sum(x) };
      },
      { maxGraphs: 2 },
    );
    const use = async (length: number) => (await numbers(step({ x: tf.ones([length]) }).sum))[0];
    for (const length of [3, 3, 3, 5, 5, 5]) expect(await use(length)).toBe(length);
    expect([calls, step.graphs]).toEqual([4, 2]);
    await use(3);
    await use(7);
    expect(await use(3)).toBe(3);
    expect([calls, step.graphs]).toEqual([5, 1]);
    step.release();
    expect(step.graphs).toBe(0);
    expect(await use(3)).toBe(3);
    expect(calls).toBe(6);
  });

  test.each([
    ['the input x', (x: Tensor) => void x.dataSync()],
    ['a tensor that was made before', () => void outside.dataSync()],
    ['the result of the operation Mean', (x: Tensor) => void tf.mean(x).data()],
  ])('reading %s on the host is refused, and the step runs operation by operation', async (what, read) => {
    const { compiled, seen } = counted(({ x }: { x: Tensor }) => {
      read(x);
      return { y: tf.add(x, outside) };
    });
    for (const value of [1, 2, 3, 4]) {
      outside = tf.tensor1d([10]);
      expect(await numbers(compiled({ x: tf.tensor1d([value]) }).y)).toEqual([value + 10]);
    }
    expect(seen.calls).toBe(4);
    expect(seen.reasons).toEqual([
      `The step reads ${what} on the host; compute with tensors, or read what the step returns.`,
    ]);
  });
  let outside: Tensor;

  test('numbers from the host that change are refused: random ones, a rate in a closure, a bound', async () => {
    let rate = 1;
    const x = () => tf.tensor1d([1, 20]);
    const scaled = counted(({ x }: { x: Tensor }) => ({ y: tf.mul(x, rate) }));
    const noisy = counted(({ x }: { x: Tensor }) => ({ y: tf.add(x, tf.randomNormal([2])) }));
    const clipped = counted(({ x }: { x: Tensor }) => ({ y: tf.clipByValue(x, 0, rate) }));
    for (let k = 0; k < 4; k++) {
      rate = k + 1;
      expect(await numbers(scaled.compiled({ x: x() }).y)).toEqual([rate, 20 * rate]);
      expect(await numbers(clipped.compiled({ x: x() }).y)).toEqual([1, rate]);
      noisy.compiled({ x: x() });
    }
    expect(scaled.seen.reasons).toEqual([
      'The step gives Multiply a number from the host that changes from call to call, such as random ones; give them to it as an input.',
    ]);
    expect(noisy.seen.reasons[0]).toMatch(/^The step gives Add numbers of shape \[2\] from the host that change from/);
    expect(clipped.seen.reasons[0]).toMatch(/^The step gives ClipByValue a number from the host that changes from/);
    expect([scaled.seen.calls, noisy.seen.calls, clipped.seen.calls]).toEqual([4, 4, 4]);
  });

  test('a step that does something else each time is refused', async () => {
    let calls = 0;
    const { compiled, seen } = counted(({ x }: { x: Tensor }) => ({ y: calls++ % 2 === 0 ? tf.neg(x) : tf.square(x) }));
    for (const [value, expected] of [
      [1, -1],
      [2, 4],
      [3, -3],
      [4, 16],
    ] as const) {
      // prettier-ignore
      expect(await numbers(compiled({ x: tf.scalar(value) }).y)).toEqual([expected]);
    }
    expect(seen.reasons).toEqual([expect.stringMatching(/^The step does not call the same operations each time/)]);
  });

  test('tensors from outside and constants, small and large, are part of the recording', async () => {
    const [large, small] = [tf.fill([20_000], 2), tf.tensor1d([3])];
    const values = Float32Array.from({ length: 600_000 }, (_, k) => k % 2);
    const { compiled, seen } = counted(({ x }: { x: Tensor }) =>
      tf.tidy(() => ({
        y: tf.mean(tf.mul(tf.mul(large, small), x)),
        inside: tf.mean(tf.mul(tf.tensor1d(values), tf.mul(x, tf.tensor1d(values.slice())))),
      })),
    );
    const check = async (value: number) => {
      const x = tf.scalar(value);
      const { y, inside } = compiled({ x });
      expect([await numbers(y), await numbers(inside)]).toEqual([[6 * value], [expect.closeTo(value / 2, 4)]]);
      tf.dispose([x, y, inside]);
    };
    const before = tf.memory().numTensors;
    for (const value of [1, 2, 3]) await check(value);
    tf.dispose([large, small]);
    await check(4);
    expect(seen).toEqual({ calls: 2, reasons: [] });
    expect(tf.memory().numTensors).toBe(before - 2);
    compiled.release();
  });

  test('a compiled step within a compiled step is part of it', async () => {
    const inner = counted(({ x }: { x: Tensor }) => ({ y: tf.square(x) }));
    const outer = counted(({ x }: { x: Tensor }) => ({ z: tf.add(inner.compiled({ x }).y, 1) }));
    for (const value of [1, 2, 3, 4]) {
      expect(await numbers(outer.compiled({ x: tf.scalar(value) }).z)).toEqual([value * value + 1]);
    }
    expect([outer.seen.calls, inner.seen.calls, inner.compiled.graphs]).toEqual([2, 2, 0]);
  });

  test('an error in the step leaves the backend as it was, and the next call records', async () => {
    let fail = true;
    const { compiled } = counted(({ x }: { x: Tensor }) => {
      const y = tf.square(x);
      if (fail) throw new Error('from the step');
      return { y };
    });
    const members = Object.keys(tf.backend());
    expect(() => compiled({ x: tf.scalar(2) })).toThrow('from the step');
    expect(Object.keys(tf.backend())).toEqual(members);
    expect(Object.keys(tf.engine())).not.toContain('runKernel');
    fail = false;
    for (let k = 0; k < 4; k++) expect(await numbers(compiled({ x: tf.scalar(k) }).y)).toEqual([k * k]);
    expect(compiled.graphs).toBe(1);
  });

  test('a variable that another engine took over is recorded anew', async () => {
    const { weight, call, seen } = multiplying();
    for (const x of [2, 2, 2]) await call(x);
    // What was read can move.
    await weight.data();
    await useEngine('cpu');
    expect([...tf.mul(weight, 1).dataSync()]).toEqual([8, 16]);
    await useEngine('webgpu');
    expect([await call(2), await call(2), await call(2)]).toEqual([48, 96, 192]);
    expect(seen).toEqual({ calls: 4, reasons: [] });
  });

  test('a failure on the GPU in a replay is an error of the next read', async () => {
    const { compiled } = counted(({ x }: { x: Tensor }) => ({ y: tf.square(x) }));
    for (let k = 0; k < 3; k++) await compiled({ x: tf.tensor1d([1, 2]) }).y.data();
    const large = tf.fill([2 ** 31 / 4 + 1024, 1], 1);
    const { y } = compiled({ x: tf.tensor1d([1, 2]) });
    await expect(y.data()).rejects.toThrow(/^webgpu engine: out of memory on the GPU/);
    large.dispose();
    expect(await numbers(compiled({ x: tf.tensor1d([1, 2]) }).y)).toEqual([1, 4]);
  });

  test('a released engine releases what it replays, and the next one records', async () => {
    const { compiled, seen } = counted(({ x }: { x: Tensor }) => ({ y: tf.square(x) }));
    const three = async () => {
      for (let k = 0; k < 3; k++) expect(await numbers(compiled({ x: tf.tensor1d([k]) }).y)).toEqual([k * k]);
    };
    await three();
    (await useEngine('webgpu')).release?.();
    await useEngine('webgpu');
    await three();
    expect(seen).toEqual({ calls: 4, reasons: [] });
  });
});
