import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nativeBuilds } from '../../native/install/install.ts';
import { recipe } from '../../native/install/pins.ts';
import { installedPackages } from '../../native/packages.ts';
import { useEngine } from '../../use-engine.ts';
import { compileStep } from '../compile-step.ts';
import { fuseInstanceNormalization } from './fuse-instance-normalization.ts';
import { hasFusedNormalization } from './has-fused-normalization.ts';
import { nativeRecorder } from './native-recorder.ts';
import type { NodeBackend } from './node-backend.ts';

const nativeInstalled = nativeBuilds().length > 0 || installedPackages().length > 0;

const [samples, height, width, channels] = [3, 6, 5, 4];
const epsilon = 1e-3;

describe.skipIf(!nativeInstalled)('instance normalisation in a graph (needs an installed native engine)', () => {
  let scale: tf.Variable;
  let shift: tf.Variable;
  const backend = (): NodeBackend => tf.backend() as unknown as NodeBackend;
  beforeAll(async () => {
    await useEngine('native');
    scale = tf.variable(tf.tensor1d([0.5, 1, 2, -1]));
    shift = tf.variable(tf.tensor1d([0, -1, 0.25, 3]));
  });
  afterAll(() => tf.dispose([scale, shift]));

  interface Changes {
    axis?: number;
    /** What is squared, in place of what is scaled. */
    squared?: (flat: Tensor, centered: Tensor) => Tensor;
    last?: (x: Tensor) => Tensor;
  }

  /** As the layers of InterSeg compute it. */
  function normalize(x: Tensor, { axis = 1, squared = (_, centered) => centered, last = (y) => y }: Changes = {}) {
    const flat = tf.reshape(x, [samples, height * width, channels]);
    const centered = tf.sub(flat, tf.mean(flat, axis, true));
    const variance = tf.mean(tf.square(squared(flat, centered)), axis, true);
    const slope = tf.mul(tf.rsqrt(tf.add(variance, epsilon)), scale);
    return last(tf.reshape(tf.add(tf.mul(centered, slope), shift), x.shape));
  }

  const input = (): Tensor4D => tf.randomNormal([samples, height, width, channels], 4, 3, 'float32', 5);

  /** The operations that the result is computed by, from the last to the first. */
  const operations = (changes: Changes): string[] => operationsOf((x) => normalize(x, changes));

  function operationsOf(work: (x: Tensor) => Tensor): string[] {
    const recorder = nativeRecorder(backend());
    const x = input();
    const { recording, outputs } = recorder.record(({ x }: { x: Tensor }) => tf.tidy(() => ({ y: work(x) })), { x });
    const { nodes, results } = fuseInstanceNormalization(recording!);
    const found: string[] = [];
    const follow = (source: (typeof results)[number]['source']): void => {
      if (source.from !== 'node') return;
      const { operation, attributes, inputs } = nodes[source.node]!;
      const fused = attributes.find(({ name }) => name === 'fused_ops')?.value as string[] | undefined;
      found.push([operation, ...(fused ?? [])].join(' '));
      inputs.forEach(follow);
    };
    follow(results[0]!.source);
    recorder.release(recording!);
    tf.dispose([x, outputs]);
    return found;
  }

  test.each([
    ['alone', {}, ['_MklFusedInstanceNorm']],
    ['with a ReLU', { last: tf.relu }, ['_MklFusedInstanceNorm Relu']],
    ['with two ReLUs', { last: (y: Tensor) => tf.relu(tf.relu(y)) }, ['_MklFusedInstanceNorm Relu']],
    ['with another operation', { last: tf.neg }, ['Neg', '_MklFusedInstanceNorm']],
  ])('is one operation: %s', (_, changes, expected) => {
    expect(operations(changes)).toEqual(expected);
  });

  test.each([
    ['the mean over channels', { axis: 2 }],
    ['the mean of the squares themselves', { squared: (flat: Tensor) => flat }],
  ])('is left as it is with %s', (_, changes) => {
    expect(operations(changes)).toContain('Rsqrt');
  });

  /** By the operation of InterSeg, which an installed tfjs-node has not. */
  const byOperation = (groupSize: number) => (x: Tensor) => {
    const flat = tf.reshape(x, [samples, height * width, channels]);
    const inputs = { x: flat, scale, shift };
    const [y] = tf.engine().runKernel('FusedNormalization', inputs, { epsilon, groupSize }) as Tensor[];
    return tf.relu(tf.reshape(y!, x.shape));
  };
  const isBuilt = nativeBuilds().some((build) => build.recipe === recipe);

  test.skipIf(!isBuilt).each([
    [1, ['_MklFusedInstanceNorm Relu']],
    [2, ['Relu', 'Reshape', 'InterSegNormalization', 'Reshape']],
  ])('an operation of InterSeg with groups of %i becomes %j', (groupSize, expected) => {
    expect(operationsOf(byOperation(groupSize))).toEqual(expected);
  });

  test.skipIf(!isBuilt)('an operation of InterSeg keeps its numbers', () => {
    const x = input();
    const compiled = compileStep(({ x }: { x: Tensor }) => tf.tidy(() => ({ y: byOperation(1)(x) })), { freeze: true });
    const [first, , third] = [1, 2, 3].map(() => Array.from(compiled({ x }).y.dataSync()));
    expect(compiled.graphs).toBe(1);
    expect(third).toEqual(first!.map((value) => expect.closeTo(value, 5)));
    compiled.release();
  });

  test('has the numbers of its definition, and is used where TensorFlow has it', () => {
    const x = input();
    const compiled = compileStep(({ x }: { x: Tensor }) => tf.tidy(() => ({ y: normalize(x, { last: tf.relu }) })), {
      freeze: true,
    });
    const values = x.dataSync();
    const expected = Array.from(values, () => 0);
    const [scales, shifts] = [scale.dataSync(), shift.dataSync()];
    for (let set = 0; set < samples * channels; set++) {
      const [sample, channel] = [Math.floor(set / channels), set % channels];
      const places = Array.from(
        { length: height * width },
        (_, k) => (sample * height * width + k) * channels + channel,
      );
      const mean = places.reduce((sum, at) => sum + values[at]!, 0) / places.length;
      const variance = places.reduce((sum, at) => sum + (values[at]! - mean) ** 2, 0) / places.length;
      for (const at of places) {
        const standard = (values[at]! - mean) / Math.sqrt(variance + epsilon);
        expected[at] = Math.max(0, standard * scales[channel]! + shifts[channel]!);
      }
    }
    for (let k = 0; k < 4; k++) {
      const { y } = compiled({ x });
      const found = Array.from(y.dataSync());
      expect(found).toEqual(expected.map((value) => expect.closeTo(value, 5)));
      y.dispose();
    }
    expect(compiled.graphs).toBe(1);
    expect(hasFusedNormalization(backend())).toBe(process.arch === 'x64');
    compiled.release();
    x.dispose();
  });

  test('is looked for once, and is not there on a GPU or where TensorFlow refuses it', () => {
    const { binding } = backend();
    let loaded = 0;
    const withLoad = (loadSavedModel: NodeBackend['binding']['loadSavedModel'], changes = {}): NodeBackend =>
      Object.assign(Object.create(tf.backend()) as NodeBackend, {
        binding: Object.create(binding, { loadSavedModel: { value: loadSavedModel } }) as typeof binding,
        ...changes,
      });
    const refusing = withLoad(() => {
      loaded++;
      throw new Error("Op type not registered '_MklFusedInstanceNorm'");
    });
    expect([hasFusedNormalization(refusing), hasFusedNormalization(refusing), loaded]).toEqual([false, false, 1]);
    const working = (...args: Parameters<typeof binding.loadSavedModel>) => binding.loadSavedModel(...args);
    expect(hasFusedNormalization(withLoad(working, { isUsingGpuDevice: true }))).toBe(false);
  });
});
