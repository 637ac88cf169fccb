import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

await tf.setBackend('cpu');

/** A repeatable stream of numbers in [0, 1) (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), 1 | state);
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
    return ((z ^ (z >>> 14)) >>> 0) / 4294967296;
  };
}

/** As many numbers as the shape has elements, rounded to single precision, so that both sides see the same ones. */
export function randomArray(shape: readonly number[], seed: number, map: (u: number) => number = (u) => u): number[] {
  const next = randomNumbers(seed);
  return Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.fround(map(next())));
}

/** The number in a scalar. */
export function valueOf(scalar: tf.Tensor): number {
  return scalar.dataSync()[0]!;
}

/** Expects two lists of numbers to agree within an absolute plus relative tolerance. */
export function expectAllClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < actual.length; i++) {
    const allowed = tolerance * (1 + Math.abs(expected[i]!));
    expect(Math.abs(actual[i]! - expected[i]!), `element ${i}: ${actual[i]} for ${expected[i]}`).toBeLessThan(allowed);
  }
}

/** Value and gradients of `f` at `xs`, read back, with the tensors that were left behind by the evaluation counted. */
export function evaluate(f: (...xs: tf.Tensor[]) => tf.Scalar, xs: tf.Tensor[]) {
  const before = tf.memory().numTensors;
  const { value, grads } = tf.valueAndGrads((...args: tf.Tensor[]) => f(...args))(xs);
  const left = tf.memory().numTensors - before - 1 - grads.length;
  const result = { value: valueOf(value), gradients: grads.map((grad) => Array.from(grad.dataSync())), left };
  grads.forEach((grad, i) => expect(grad.shape).toEqual(xs[i]!.shape));
  tf.dispose([value, ...grads]);
  return result;
}
