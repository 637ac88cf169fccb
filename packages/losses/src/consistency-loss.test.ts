import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { finiteDifferences, referenceMse } from '../test/reference.ts';
import { evaluate, expectAllClose, randomArray, valueOf } from '../test/support.ts';
import { consistencyLoss } from './consistency-loss.ts';

const shape: [number, number, number, number] = [2, 3, 2, 2];
const teacher = randomArray(shape, 1);
const student = randomArray(shape, 2);

describe('consistencyLoss', () => {
  it('gives values computed by hand', () => {
    const [q, p] = [tf.tensor1d([0.95, 0.6, 0.05, 0.25]), tf.tensor1d([0.45, 0.5, 0.25, 0.75])];
    // Squares: 0.25, 0.01, 0.04, 0.25.
    expect(valueOf(consistencyLoss(q, p))).toBeCloseTo(0.55 / 4, 6);
    expect(valueOf(consistencyLoss(q, p, { confidence: 0.9 }))).toBeCloseTo(0.29 / 4, 6);
    expect(valueOf(consistencyLoss(q, p, { confidence: 0.7 }))).toBeCloseTo(0.54 / 4, 6);
    expect(valueOf(consistencyLoss(q, p, { confidence: 1 }))).toBe(0);
  });

  it.each([0.5, 0.8])('has the gradient of finite differences in the student: confidence %d', (confidence) => {
    const { value, gradients, left } = evaluate(
      (p) => consistencyLoss(tf.tensor4d(teacher, shape), p!, { confidence }),
      [tf.tensor4d(student, shape)],
    );
    const isSure = (q: number): boolean => Math.max(q, 1 - q) >= confidence;
    // Where the teacher is not sure enough, any student agrees with it.
    const target = (p: number[]): number[] => teacher.map((q, i) => (isSure(q) ? q : p[i]!));
    const reference = (p: number[]): number => referenceMse(p, target(p));
    expectAllClose([value], [reference(student)]);
    expectAllClose(gradients[0]!, finiteDifferences(reference, student));
    expect(left).toBe(0);
  });

  it('gives the teacher no gradient', () => {
    const [q, p] = [tf.variable(tf.tensor1d([0.2, 0.9])), tf.variable(tf.tensor1d([0.4, 0.5]))];
    const { grads } = tf.variableGrads(() => consistencyLoss(q, p), [q, p]);
    expect(Object.keys(grads)).toEqual([p.name]);
    tf.dispose([q, p]);
  });

  it('refuses other shapes and a confidence out of range', () => {
    expect(() => consistencyLoss(tf.zeros([2, 1]), tf.zeros([1, 2]))).toThrow('differ in shape');
    for (const confidence of [0.4, 1.1, NaN]) {
      expect(() => consistencyLoss(tf.zeros([1]), tf.zeros([1]), { confidence })).toThrow(
        `confidence is ${confidence}, expected a number from 0.5 to 1`,
      );
    }
  });
});
