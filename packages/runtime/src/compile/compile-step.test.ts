import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { nativeBuilds } from '../native/install/install.ts';
import { installedPackages } from '../native/packages.ts';
import { useEngine } from '../use-engine.ts';
import { compileStep } from './compile-step.ts';
import { counted } from '../testing/counted-step.ts';
import type { NodeBackend } from './native/node-backend.ts';

const nativeInstalled = nativeBuilds().length > 0 || installedPackages().length > 0;

const numbers = (tensor: Tensor): number[] => Array.from(tensor.dataSync());

test('on other engines the step is called as it is', async () => {
  await useEngine('cpu');
  let calls = 0;
  const step = compileStep(({ x }: { x: Tensor }) => {
    calls++;
    return { y: tf.square(x) };
  });
  for (const value of [1, 2, 3, 4]) expect(numbers(step({ x: tf.scalar(value) }).y)).toEqual([value * value]);
  expect(calls).toBe(4);
  expect(step.graphs).toBe(0);
});

test('maxGraphs must make sense', () => {
  expect(() => compileStep(() => ({}), { maxGraphs: 0 })).toThrow('maxGraphs is 0, expected a whole number');
});

describe.skipIf(!nativeInstalled)('on native (run installNative for these)', () => {
  const variables: Variable[] = [];
  const variable = (values: number[]): Variable => {
    variables.push(tf.variable(tf.tensor1d(values)));
    return variables.at(-1)!;
  };
  beforeAll(async () => {
    await useEngine('native');
  });
  afterEach(() => tf.dispose(variables.splice(0)));

  test('two calls are recorded, the third and later ones are replayed; variables and inputs change', () => {
    const weight = variable([1, 2]);
    const { compiled, seen } = counted(({ x, rate }: { x: Tensor; rate: Tensor }) =>
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(() => tf.sum(tf.square(tf.mul(weight, x))), [weight]);
        weight.assign(tf.sub(weight, tf.mul(grads[weight.name]!, rate)));
        return { loss: value };
      }),
    );
    // By hand: loss = Σ(wx)², gradient 2wx².
    const w = [1, 2];
    for (const [x, rate] of [
      [1, 0.5],
      [2, 0.0625],
      [3, 0.25],
      [1, 0.125],
      [-1, 0.25],
    ] as const) {
      w.forEach((_, k) => (w[k] = Math.fround(w[k]!)));
      const expected = w.reduce((sum, v) => sum + (v * x) ** 2, 0);
      const { loss } = compiled({ x: tf.scalar(x), rate: tf.scalar(rate) });
      w.forEach((v, k) => (w[k] = v - rate * 2 * v * x * x));
      expect(numbers(loss)[0]).toBeCloseTo(expected, 5);
      expect(numbers(weight)).toEqual(w.map((v) => expect.closeTo(v, 5)));
    }
    expect(seen).toEqual({ calls: 2, reasons: [] });
    expect(compiled.graphs).toBe(1);
    compiled.release();
  });

  test('what training needs is replayed with the numbers of the step itself', () => {
    const x = tf.randomNormal([2, 8, 8, 2], 0, 1, 'float32', 1);
    const make = () => {
      const kernel = tf.variable(tf.randomNormal([3, 3, 2, 4], 0, 0.3, 'float32', 2) as Tensor4D);
      const bias = tf.variable(tf.zeros([4]));
      const up = tf.variable(tf.randomNormal([2, 2, 1, 4], 0, 0.3, 'float32', 3) as Tensor4D);
      const optimizer = tf.train.adam(0.01);
      const step = ({ x }: { x: Tensor }) => ({
        loss: optimizer.minimize(
          () => {
            const h = tf.relu(tf.add(tf.conv2d(x as Tensor4D, kernel, 1, 'same'), bias)) as Tensor4D;
            const p = tf.maxPool(h, 2, 2, 'valid');
            const y = tf.sigmoid(tf.conv2dTranspose(p, up, [2, 8, 8, 1], 2, 'same'));
            return tf.mean(tf.square(tf.sub(y, tf.slice(x, [0, 0, 0, 0], [2, 8, 8, 1]))));
          },
          true,
          [kernel, bias, up],
        ) as Tensor,
      });
      return { step, all: [kernel, bias, up] };
    };
    const [plain, replayed] = [make(), make()];
    const { compiled, seen } = counted(replayed.step);
    const losses = Array.from({ length: 30 }, () => [plain.step({ x }).loss, compiled({ x }).loss]);
    for (const [a, b] of losses) expect(numbers(b!)[0]).toBeCloseTo(numbers(a!)[0]!, 6);
    expect(numbers(losses[29]![0]!)[0]).toBeLessThan(0.9 * numbers(losses[0]![0]!)[0]!);
    // The first call makes Adam's moments, the next two are recorded.
    expect(seen).toEqual({ calls: 3, reasons: [] });
    plain.all.forEach((v, k) => {
      const [a, b] = [numbers(v), numbers(replayed.all[k]!)];
      expect(b).toEqual(a.map((value) => expect.closeTo(value, 5)));
    });
    compiled.release();
    tf.dispose([...plain.all, ...replayed.all, x]);
  });

  test('each shape has its own graph, the one used longest ago goes first', () => {
    let calls = 0;
    const step = compileStep(
      ({ x }: { x: Tensor }) => {
        calls++;
        return { sum: tf.sum(x) };
      },
      { maxGraphs: 2 },
    );
    const use = (length: number) => numbers(step({ x: tf.ones([length]) }).sum)[0];
    for (const length of [3, 3, 3, 5, 5, 5]) expect(use(length)).toBe(length);
    expect([calls, step.graphs]).toEqual([4, 2]);
    use(3);
    use(7);
    expect(use(3)).toBe(3);
    expect([calls, step.graphs]).toEqual([5, 1]);
    const native = tf.backend() as unknown as { getNumOfSavedModels(): number };
    const before = native.getNumOfSavedModels();
    step.release();
    expect(before - native.getNumOfSavedModels()).toBe(1);
    expect(step.graphs).toBe(0);
    expect(use(3)).toBe(3);
    expect(calls).toBe(6);
  });

  test.each([
    ['the result of the operation Mean', (x: Tensor) => tf.mean(x).dataSync()],
    ['the input x', (x: Tensor) => x.dataSync()],
    ['a tensor that was made before', () => outside.dataSync()],
  ])('reading %s on the host is refused, and the step runs operation by operation', (what, read) => {
    const { compiled, seen } = counted(({ x }: { x: Tensor }) => {
      read(x);
      return { y: tf.add(x, outside) };
    });
    for (const value of [1, 2, 3, 4]) expect(numbers(compiled({ x: tf.tensor1d([value]) }).y)).toEqual([value + 10]);
    expect(seen.calls).toBe(4);
    expect(seen.reasons).toEqual([
      `The step reads ${what} on the host; compute with tensors, or read what the step returns.`,
    ]);
  });
  let outside: Tensor;
  beforeAll(() => {
    outside = tf.tensor1d([10]);
  });

  test('numbers from the host that change are refused: random ones, and a learning rate in a closure', () => {
    let rate = 1;
    const scaled = counted(({ x }: { x: Tensor }) => ({ y: tf.mul(x, rate) }));
    const noisy = counted(({ x }: { x: Tensor }) => ({ y: tf.add(x, tf.randomNormal([2])) }));
    for (let k = 0; k < 4; k++) {
      rate = k + 1;
      expect(numbers(scaled.compiled({ x: tf.tensor1d([1, 2]) }).y)).toEqual([rate, 2 * rate]);
      noisy.compiled({ x: tf.tensor1d([1, 2]) });
    }
    expect(scaled.seen.reasons).toEqual([
      'The step gives Mul a number from the host that changes from call to call, such as random ones; give them to it as an input.',
    ]);
    expect(noisy.seen.reasons[0]).toMatch(/^The step gives AddV?2? numbers of shape \[2\] from the host/);
    expect([scaled.seen.calls, noisy.seen.calls]).toEqual([4, 4]);
  });

  test('random numbers that are inputs, or that a seed fixes, are replayed', () => {
    const { compiled, seen } = counted(({ noise }: { noise: Tensor }) => ({
      y: tf.add(noise, tf.randomUniform([2], 0, 1, 'float32', 7)),
    }));
    const fixed = numbers(tf.randomUniform([2], 0, 1, 'float32', 7));
    for (let k = 0; k < 5; k++) {
      const noise = tf.randomNormal([2]);
      const expected = numbers(noise).map((value, i) => expect.closeTo(value + fixed[i]!, 5));
      expect(numbers(compiled({ noise }).y)).toEqual(expected);
    }
    expect(seen).toEqual({ calls: 2, reasons: [] });
  });

  test('a step that does something else each time is refused', () => {
    let calls = 0;
    const { compiled, seen } = counted(({ x }: { x: Tensor }) => ({ y: calls++ % 2 === 0 ? tf.neg(x) : tf.square(x) }));
    const results = [1, 2, 3, 4].map((value) => numbers(compiled({ x: tf.scalar(value) }).y)[0]);
    expect(results).toEqual([-1, 4, -3, 16]);
    expect(seen.reasons).toEqual([expect.stringMatching(/^The step does not call the same operations each time/)]);
  });

  test('tensors from outside are held, large and small, until the graph is released', () => {
    const [large, small] = [tf.fill([20_000], 2), tf.tensor1d([3])];
    const { compiled, seen } = counted(({ x }: { x: Tensor }) => ({
      y: tf.sum(tf.mul(tf.mul(large, small), x)),
      inside: tf.sum(tf.mul(tf.tensor1d(new Float32Array(30_000).fill(0.5)), x)),
    }));
    const check = (value: number) => {
      const { y, inside } = compiled({ x: tf.scalar(value) });
      expect([numbers(y)[0], numbers(inside)[0]]).toEqual([20_000 * 6 * value, 15_000 * value]);
      tf.dispose([y, inside]);
    };
    const before = tf.memory().numTensors;
    tf.tidy(() => [1, 2, 3].forEach(check));
    const held = tf.memory().numTensors - before;
    tf.dispose([large, small]);
    tf.tidy(() => check(4));
    expect(seen).toEqual({ calls: 2, reasons: [] });
    expect(held).toBe(2);
    compiled.release();
    expect(tf.memory().numTensors).toBe(before - 2);
  });

  test('what a step returns may be an input, a variable, a constant or twice the same', () => {
    const weight = variable([5]);
    const { compiled, seen } = counted(({ x }: { x: Tensor }) => {
      const same = tf.neg(x);
      return { x: tf.clone(x), weight: tf.clone(weight), one: tf.scalar(1), a: same, b: tf.clone(same) };
    });
    for (const value of [1, 2, 3, 4]) {
      const results = compiled({ x: tf.scalar(value) });
      expect(Object.entries(results).map(([name, tensor]) => [name, numbers(tensor)[0]])).toEqual([
        ['x', value],
        ['weight', 5],
        ['one', 1],
        ['a', -value],
        ['b', -value],
      ]);
    }
    expect(seen).toEqual({ calls: 2, reasons: [] });
  });

  test('inputs that share their data when recorded are told apart when replayed', () => {
    const { compiled } = counted(({ a, b }: { a: Tensor; b: Tensor }) => ({ y: tf.sub(tf.mul(a, 10), b) }));
    const a = tf.scalar(1);
    for (let k = 0; k < 2; k++) expect(numbers(compiled({ a, b: tf.clone(a) }).y)).toEqual([9]);
    expect(numbers(compiled({ a, b: tf.scalar(4) }).y)).toEqual([6]);
  });

  test('swapped and restored variables are read where they are now', () => {
    const [p, q] = [variable([1]), variable([2])];
    const { compiled, seen } = counted(({ x }: { x: Tensor }) =>
      tf.tidy(() => {
        const old = tf.clone(p);
        p.assign(q);
        q.assign(old);
        return { y: tf.add(tf.mul(p, 10), tf.add(q, x)) };
      }),
    );
    const results = [0, 1, 2, 3].map((x) => numbers(compiled({ x: tf.scalar(x) }).y)[0]);
    expect(results).toEqual([21, 13, 23, 15]);
    q.assign(tf.tensor1d([7]));
    expect(numbers(compiled({ x: tf.scalar(0) }).y)).toEqual([71]);
    expect([numbers(p), numbers(q), seen.calls]).toEqual([[7], [1], 2]);
  });

  test('an error in the step leaves the backend as it was, and the next call records', () => {
    let fail = true;
    const { compiled } = counted(({ x }: { x: Tensor }) => {
      const y = tf.square(x);
      if (fail) throw new Error('from the step');
      return { y };
    });
    const { binding } = tf.backend() as unknown as NodeBackend;
    expect(() => compiled({ x: tf.scalar(2) })).toThrow('from the step');
    expect((tf.backend() as unknown as NodeBackend).binding).toBe(binding);
    expect(Object.keys(tf.backend())).not.toContain('readSync');
    fail = false;
    for (let k = 0; k < 4; k++) expect(numbers(compiled({ x: tf.scalar(k) }).y)).toEqual([k * k]);
    expect(compiled.graphs).toBe(1);
  });

  test('an error of TensorFlow in a replayed step is told, and no variable is set', () => {
    const count = variable([0]);
    const table = tf.tensor1d([10, 20, 30]);
    const { compiled } = counted(({ index }: { index: Tensor }) =>
      tf.tidy(() => {
        count.assign(tf.add(count, 1));
        return { y: tf.gatherND(table, index) };
      }),
    );
    const call = (index: number) => numbers(compiled({ index: tf.tensor2d([[index]], [1, 1], 'int32') }).y)[0];
    expect([0, 1, 2].map(call)).toEqual([10, 20, 30]);
    expect(() => call(3)).toThrow(
      /^native engine: the recorded step failed: .*indices\[0\] = \[3\] does not index into/,
    );
    expect(numbers(count)).toEqual([3]);
    expect(call(1)).toBe(20);
  });

  describe('with frozen variables', () => {
    const native = () => tf.backend() as unknown as { getNumOfSavedModels(): number; getNumOfTFTensors(): number };
    /** Σ weight · x, and how often it was called itself. */
    const frozen = (weight: Variable) =>
      counted(({ x }: { x: Tensor }) => tf.tidy(() => ({ y: tf.sum(tf.mul(weight, x)) })), { freeze: true });
    const once = (compiled: ReturnType<typeof frozen>['compiled'], x: number): number =>
      tf.tidy(() => numbers(compiled({ x: tf.scalar(x) }).y)[0]!);

    test('a variable that is set afterwards is seen, in a graph that replaces the old one', () => {
      // More values than other constants of a graph may have.
      const weight = variable(new Array<number>(20_000).fill(0));
      const set = (value: number) => tf.tidy(() => void weight.assign(tf.fill([20_000], value)));
      const { compiled, seen } = frozen(weight);
      set(1);
      const before = [tf.memory().numTensors, native().getNumOfTFTensors(), native().getNumOfSavedModels()];
      const use = (count: number) => Array.from({ length: count }, (_, k) => once(compiled, k));
      expect(use(4)).toEqual([0, 20_000, 40_000, 60_000]);
      expect([seen.calls, compiled.graphs]).toEqual([2, 1]);
      for (const value of [2, 3, 4]) {
        set(value);
        expect(use(4)).toEqual([0, 1, 2, 3].map((k) => 20_000 * k * value));
        expect([native().getNumOfSavedModels() - before[2]!, compiled.graphs]).toEqual([1, 1]);
      }
      expect(seen).toEqual({ calls: 8, reasons: [] });
      compiled.release();
      expect([tf.memory().numTensors, native().getNumOfTFTensors(), native().getNumOfSavedModels()]).toEqual(before);
    });

    test.each([
      ['small ones are in the graph', 2, 1],
      ['large ones are fed, as TensorFlow takes a multiple of their memory', 2 ** 22 + 1, 2],
    ])('%s', (_, length, feeds) => {
      const large = tf.tidy(() => tf.variable(tf.fill([length], 1.5)));
      variables.push(large);
      const { compiled } = frozen(large);
      for (let k = 0; k < 3; k++) once(compiled, k);
      const { binding } = tf.backend() as unknown as NodeBackend;
      let fed = '';
      (tf.backend() as unknown as NodeBackend).binding = Object.create(binding, {
        runSavedModel: {
          value: (...args: Parameters<typeof binding.runSavedModel>) => {
            fed = args[2];
            return binding.runSavedModel(...args);
          },
        },
      }) as typeof binding;
      try {
        expect(once(compiled, 2) / length).toBeCloseTo(3, 3);
      } finally {
        (tf.backend() as unknown as NodeBackend).binding = binding;
      }
      expect(fed.split(',')).toHaveLength(feeds);
      compiled.release();
    });

    test('a step that sets variables keeps them', () => {
      const weight = variable([1]);
      const { compiled, seen } = counted(
        ({ x }: { x: Tensor }) =>
          tf.tidy(() => {
            weight.assign(tf.add(weight, x));
            return { y: tf.clone(weight) };
          }),
        { freeze: true },
      );
      expect([1, 2, 3, 4].map((x) => numbers(compiled({ x: tf.tensor1d([x]) }).y)[0])).toEqual([2, 4, 7, 11]);
      expect(seen).toEqual({ calls: 2, reasons: [] });
      compiled.release();
    });
  });

  test('a replayed step leaves no tensor behind, and needs no more memory', () => {
    const weight = variable([1, 2]);
    const { compiled } = counted(({ x }: { x: Tensor }) =>
      tf.tidy(() => {
        weight.assign(tf.mul(weight, x));
        return { y: tf.sum(weight) };
      }),
    );
    const native = tf.backend() as unknown as { getNumOfTFTensors(): number };
    const once = () => tf.tidy(() => void compiled({ x: tf.scalar(1) }));
    for (let k = 0; k < 3; k++) once();
    const before = [tf.memory().numTensors, native.getNumOfTFTensors()];
    for (let k = 0; k < 50; k++) once();
    expect([tf.memory().numTensors, native.getNumOfTFTensors()]).toEqual(before);
  });
});
