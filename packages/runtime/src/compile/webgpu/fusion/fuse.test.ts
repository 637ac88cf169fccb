import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { pseudoRandom } from '../../../testing/values.ts';
import { engines, useEngine } from '../../../use-engine.ts';
import { compileStep } from '../../compile-step.ts';
import type { Recording } from '../recording.ts';
import { schedule } from '../schedule.ts';
import { findWebGpuRecorder } from '../webgpu-recorder.ts';
import { repetition } from './repetition.ts';

const { available, reason } = (await engines()).find(({ name }) => name === 'webgpu')!;

test.each([
  [[5], [2, 3, 4, 5], true],
  [[2, 1, 1, 5], [2, 3, 4, 5], true],
  [[2, 1, 1, 1], [2, 3, 4, 5], true],
  [[1, 3, 1, 1], [2, 3, 4, 5], true],
  [[2, 3, 1, 5], [2, 3, 4, 5], true],
  [[2, 3, 4, 1], [2, 3, 4, 5], true],
  [[2, 1, 1, 3, 1], [2, 4, 4, 3, 2], true],
  [[1, 1, 5], [2, 1, 5], true],
  [[1, 3, 1, 5], [2, 3, 4, 5], false],
])('the numbers of %j are repeated to %j (can be said: %s)', (shape, outShape, isSimple) => {
  const found = repetition(shape, outShape);
  expect(found !== undefined).toBe(isSimple);
  if (found === undefined) return;
  const size = tf.util.sizeFromShape(shape);
  const index = (coordinates: number[]): number => {
    const own = coordinates.slice(outShape.length - shape.length);
    return shape.reduce((at, extent, axis) => at * extent + (extent === 1 ? 0 : own[axis]!), 0);
  };
  const strides = tf.util.computeStrides(outShape);
  for (let i = 0; i < tf.util.sizeFromShape(outShape); i++) {
    const place = Math.floor(i / found.outer) * found.inner + (Math.floor(i / found.step) % found.inner);
    expect(place % size).toBe(place);
    expect(place).toBe(index(tf.util.indexToLoc(i, outShape.length, strides)));
  }
});

describe.skipIf(!available)(`fused programs on webgpu${available ? '' : ` (skipped: ${reason})`}`, () => {
  beforeAll(async () => {
    await useEngine('webgpu');
  });

  const tensor = (shape: number[], seed: number): Tensor =>
    tf.tensor(pseudoRandom(tf.util.sizeFromShape(shape), seed), shape);

  /** Runs a step, and replays it, which has to give the same. @returns what the replay runs, by operations */
  async function compare<I extends NamedTensorMap, O extends Record<string, Tensor>>(
    step: (inputs: I) => O,
    inputs: I,
  ): Promise<string[]> {
    const recorder = findWebGpuRecorder(tf.backend())!;
    const recording = recorder.record(step, inputs).recording as Recording;
    const operationOf = new Map(recording.dispatches.map(({ output, operation }) => [output, operation]));
    const works = schedule(recording, 8).works.map(({ program }) =>
      'members' in program ? program.members.map(({ output }) => operationOf.get(output)!) : [program.operation],
    );
    recorder.release(recording);
    const compiled = compileStep(step);
    for (let k = 0; k < 2; k++) tf.dispose(compiled(inputs));
    expect(compiled.graphs).toBe(1);
    const [plain, replayed] = [step(inputs), compiled(inputs)];
    for (const [name, expected] of Object.entries(plain)) {
      const found = await replayed[name]!.data();
      expect(replayed[name]!.shape).toEqual(expected.shape);
      (await expected.data()).forEach((value, at) => {
        if (Math.abs(found[at]! - value) > 2e-6 * Math.max(1, Math.abs(value)) || Number.isNaN(value)) {
          expect([name, at, found[at]]).toEqual([name, at, value]);
        }
      });
    }
    compiled.release();
    return works.map((operations) => operations.join(' '));
  }

  test('every expression gives what the operation gives', async () => {
    const [x, y] = [tensor([3, 5], 1), tensor([3, 5], 2)];
    const works = await compare(
      ({ x, y }) =>
        tf.tidy(() => {
          const a = tf.div(tf.mul(tf.add(x, 0.25), tf.sub(y, x)), tf.add(tf.square(y), 0.5));
          const b = tf.rsqrt(tf.add(tf.sqrt(tf.abs(a)), tf.exp(tf.neg(x))));
          const c = tf.addN([tf.sigmoid(b), tf.relu(a), tf.squaredDifference(a, b)]);
          return { y: tf.mul(c, tf.step(x)) };
        }),
      { x, y },
    );
    expect(works).toEqual([
      'Add Sub Multiply Square Add RealDiv Abs Sqrt Neg Exp Add Rsqrt Sigmoid Relu SquaredDifference AddN Step Multiply',
    ]);
  });

  test('numbers that are not finite come through', async () => {
    const x = tf.tensor1d([NaN, Infinity, -Infinity, 0, -0, 1e-30, 3e38]);
    const works = await compare(
      ({ x }) => tf.tidy(() => ({ relu: tf.relu(tf.mul(x, 2)), step: tf.step(tf.mul(x, 2)), sum: tf.add(x, x) })),
      { x },
    );
    expect(works).toEqual(['Multiply Relu Multiply Step Add']);
  });

  test('operands may be repeated in many ways', async () => {
    const out = [2, 3, 4, 5];
    const shapes = [[5], [2, 1, 1, 5], [2, 1, 1, 1], [1, 3, 1, 1], [2, 3, 4, 1]];
    const inputs = Object.fromEntries(shapes.map((shape, k) => [`x${k}`, tensor(shape, k)]));
    const works = await compare(
      ({ x, ...others }: NamedTensorMap) =>
        tf.tidy(() => ({ y: Object.values(others).reduce<Tensor>((y, one) => tf.mul(tf.add(y, one), 2), x!) })),
      { x: tensor(out, 9), ...inputs },
    );
    expect(works).toHaveLength(1);
    const crossed = await compare(({ x, y }) => tf.tidy(() => ({ y: tf.neg(tf.add(tf.add(x, 1), y)) })), {
      x: tensor(out, 1),
      y: tensor([1, 3, 1, 5], 2),
    });
    expect(crossed).toEqual(['Add', 'Add', 'Neg']);
  });

  test('no program has more buffers than a GPU takes', async () => {
    const inputs = Object.fromEntries(Array.from({ length: 20 }, (_, k) => [`x${k}`, tensor([7], k)]));
    const works = await compare(
      (all) => tf.tidy(() => ({ y: Object.values(all).reduce((sum, x) => tf.add(tf.mul(sum, 0.5), x)) })),
      inputs,
    );
    expect(works.join(' ').split(' ')).toHaveLength(38);
    expect(works.length).toBeGreaterThan(2);
    expect(works.length).toBeLessThan(6);
  });

  test('what other operations need in between is computed before them', async () => {
    const works = await compare(
      ({ x }) =>
        tf.tidy(() => {
          const centered = tf.sub(x, tf.mean(x, [0], true));
          const scaled = tf.mul(centered, tf.rsqrt(tf.add(tf.mean(tf.square(centered), [0], true), 1e-3)));
          return { y: tf.add(tf.matMul(tf.mul(scaled, 2) as tf.Tensor2D, scaled as tf.Tensor2D, true), 1), scaled };
        }),
      { x: tensor([40, 3], 5) },
    );
    expect(works.filter((operations) => operations.includes(' '))).toEqual([
      'Sub Square',
      'Add Rsqrt',
      'Multiply Multiply',
    ]);
  });

  test('an optimiser sets a variable and its moments in one program, in their place', async () => {
    const [weight, moment] = [tf.variable(tensor([11], 1)), tf.variable(tf.zeros([11]))];
    const step = ({ gradient, rate }: { gradient: Tensor; rate: Tensor }) =>
      tf.tidy(() => {
        const next = tf.add(tf.mul(moment, 0.9), tf.mul(tf.square(gradient), 0.1));
        weight.assign(tf.sub(weight, tf.mul(tf.div(gradient, tf.add(tf.sqrt(next), 1e-8)), rate)));
        moment.assign(next);
        return { size: tf.sum(weight) };
      });
    const recorder = findWebGpuRecorder(tf.backend())!;
    const inputs = { gradient: tensor([11], 3), rate: tf.scalar(0.1) };
    const recording = recorder.record(step, inputs).recording as Recording;
    const { works, places } = schedule(recording, 8);
    expect(works.map(({ program }) => ('members' in program ? program.members.length : program.operation))).toEqual([
      9,
      'Sum',
    ]);
    expect(new Set(places.values())).toEqual(new Set([moment, weight, 0]));
    tf.dispose([weight, moment]);
  });

  test('gradients that are all clipped before any is used are one program each with what uses them', async () => {
    const works = await compare(
      ({ x, factor }) =>
        tf.tidy(() => {
          const all = Array.from({ length: 40 }, (_, at) => tf.slice(x, [at], [at + 2]));
          const clipped = all.map((one) => tf.mul(one, factor));
          return Object.fromEntries(clipped.map((one, at) => [`y${at}`, tf.sub(all[at]!, tf.mul(one, 0.1))]));
        }),
      { x: tensor([90], 7), factor: tf.scalar(0.5) },
    );
    expect(works.filter((operations) => operations !== 'Slice')).toEqual(Array(40).fill('Multiply Multiply Sub'));
  });

  test('more numbers than one row of workgroups has threads', async () => {
    const works = await compare(({ x, y }) => tf.tidy(() => ({ z: tf.mul(tf.add(x, y), y) })), {
      x: tf.range(0, 64 * 65_535 + 3, 1, 'float32'),
      y: tf.scalar(0.5),
    });
    expect(works).toEqual(['Add Multiply']);
  });
});
