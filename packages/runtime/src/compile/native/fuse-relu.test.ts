import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nativeBuilds } from '../../native/install/install.ts';
import { recipe } from '../../native/install/pins.ts';
import { useEngine } from '../../use-engine.ts';
import { compileStep } from '../compile-step.ts';
import { fuseRelu } from './fuse-relu.ts';
import { nativeRecorder } from './native-recorder.ts';
import type { NodeBackend } from './node-backend.ts';

const isBuilt = nativeBuilds().some((build) => build.recipe === recipe);
const numbers = (tensor: Tensor): number[] => Array.from(tensor.dataSync());
const shape = [2, 6, 5, 20] as const;
const flatShape = [2, 30, 20];

describe.skipIf(!isBuilt)('ReLU in the normalisation before it (run installNative for these)', () => {
  let scale: Variable;
  let shift: Variable;
  beforeAll(async () => {
    await useEngine('native');
    scale = tf.variable(tf.randomNormal([20], 1, 0.5, 'float32', 1));
    shift = tf.variable(tf.randomNormal([20], 0, 0.5, 'float32', 2));
  });
  afterAll(() => tf.dispose([scale, shift]));

  /** As the layers of InterSeg compute it, with the gradients written out. */
  const normalize = tf.customGrad((...inputs) => {
    const [x, gamma, beta] = inputs as [Tensor, Tensor, Tensor];
    const save = inputs[inputs.length - 1] as unknown as (tensors: Tensor[]) => void;
    const [y, mean, inverse] = tf
      .engine()
      .runKernel('FusedNormalization', { x, scale: gamma, shift: beta }, { epsilon: 1e-3, groupSize: 1 }) as Tensor[];
    save([x, gamma, mean!, inverse!]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const [x, scale, mean, inverse] = saved as [Tensor, Tensor, Tensor, Tensor];
      const gradients = tf
        .engine()
        .runKernel('FusedNormalizationGrad', { x, dy, scale, mean, inverse }, { groupSize: 1 }) as Tensor[];
      return [gradients[0]!, tf.sum(gradients[1]!, 0), tf.sum(gradients[2]!, 0)];
    };
    return { value: y!, gradFunc };
  });
  const features = (x: Tensor): Tensor => tf.reshape(normalize(tf.reshape(x, flatShape), scale, shift), [...shape]);
  const input = (): Tensor => tf.randomNormal([...shape], 1, 2, 'float32', 3);
  const backend = (): NodeBackend => tf.backend() as unknown as NodeBackend;

  /** The operations of a step after the change that lead to what it returns. */
  function operations(step: (x: Tensor) => Tensor): string[] {
    const recorder = nativeRecorder(backend());
    const x = input();
    const { recording, outputs } = recorder.record(({ x }: { x: Tensor }) => tf.tidy(() => ({ y: step(x) })), { x });
    const { nodes, results } = fuseRelu(recording!);
    const found = new Map<number, string>();
    const follow = (source: (typeof results)[number]['source']): void => {
      if (source.from !== 'node' || found.has(source.node)) return;
      const { operation, inputs } = nodes[source.node]!;
      found.set(source.node, operation);
      inputs.forEach(follow);
    };
    follow(results[0]!.source);
    recorder.release(recording!);
    tf.dispose([x, outputs]);
    return [...found.values()].sort();
  }

  const loss = (y: Tensor): Tensor => tf.sum(tf.mul(y, input()));

  test('a ReLU and its gradient vanish', () => {
    expect(operations((x) => tf.relu(features(x)))).toEqual(['InterSegNormalization', 'Reshape', 'Reshape']);
    const gradient = operations((x) => tf.grad((t) => loss(tf.relu(features(t))))(x));
    expect(gradient).toEqual(expect.arrayContaining(['InterSegNormalization', 'InterSegNormalizationReluGrad']));
    expect(gradient).not.toContain('Relu');
    expect(gradient).not.toContain('ReluGrad');
  });

  test.each([
    ['features that are used without it, too', (t: Tensor) => tf.add(tf.relu(t), t)],
    ['another operation in between', (t: Tensor) => tf.relu(tf.neg(t))],
  ])('it stays with %s', (_, work) => {
    expect(operations((x) => work(features(x)))).toContain('Relu');
    const gradient = operations((x) => tf.grad((t) => loss(work(features(t))))(x));
    expect(gradient).toEqual(expect.arrayContaining(['ReluGrad', 'InterSegNormalizationGrad']));
  });

  test('steps are replayed with the numbers of operation by operation', () => {
    const make = () => {
      const kernel = tf.variable(tf.randomNormal([3, 3, 20, 20], 0, 0.2, 'float32', 4) as Tensor4D);
      const [gamma, beta] = [tf.variable(scale.clone()), tf.variable(shift.clone())];
      const optimizer = tf.train.sgd(0.1);
      const step = ({ x }: { x: Tensor }) => ({
        loss: optimizer.minimize(
          () => {
            const flat = tf.reshape(tf.conv2d(x as Tensor4D, kernel, 1, 'same'), flatShape);
            const y = tf.relu(tf.reshape(normalize(flat, gamma, beta), [...shape]));
            return tf.mean(tf.square(tf.sub(y, 1))) as tf.Scalar;
          },
          true,
          [kernel, gamma, beta],
        )!,
      });
      return { variables: [kernel, gamma, beta], step };
    };
    const x = input();
    const [plain, recorded] = [make(), make()];
    const compiled = compileStep(recorded.step);
    for (let call = 0; call < 5; call++) {
      expect(numbers(compiled({ x }).loss)).toEqual(numbers(plain.step({ x }).loss));
    }
    expect(compiled.graphs).toBe(1);
    expect(recorded.variables.map(numbers)).toEqual(plain.variables.map(numbers));
    compiled.release();
  });

  test('what is no number stays so', () => {
    const compiled = compileStep(({ x }: { x: Tensor }) => tf.tidy(() => ({ y: tf.relu(features(x)) })));
    const x = tf.fill([...shape], Number.NaN);
    for (let call = 0; call < 3; call++) expect(numbers(compiled({ x }).y).every(Number.isNaN)).toBe(true);
    compiled.release();
  });
});
