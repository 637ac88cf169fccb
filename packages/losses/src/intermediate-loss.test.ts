import * as tf from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finiteDifferences, referenceMse, referenceScaleFree } from '../test/reference.ts';
import { evaluate, expectAllClose, randomArray, valueOf } from '../test/support.ts';
import { intermediateLoss, type IntermediateLossOptions } from './intermediate-loss.ts';

const shapes: [number, number, number, number][] = [
  [2, 1, 1, 3],
  [2, 2, 2, 2],
];
const features = shapes.map((shape, level) => randomArray(shape, 10 + level, (u) => 10 ** level * (u - 0.3)));
const targets = shapes.map((shape, level) => randomArray(shape, 20 + level, (u) => 10 ** level * (u - 0.4)));
const tensors = (arrays: number[][]) => arrays.map((array, level) => tf.tensor4d(array, shapes[level]!));

describe('intermediateLoss', () => {
  it('gives values computed by hand', () => {
    const y = [tf.tensor1d([1, 3]), tf.tensor1d([2])];
    const yPrime = [tf.tensor1d([0, 1]), tf.tensor1d([-1])];
    // Level 0: (1 + 4) / 2; level 1: 9.
    expect(valueOf(intermediateLoss(y, yPrime))).toBeCloseTo(11.5, 5);
    expect(valueOf(intermediateLoss(y, yPrime, { weights: [2, 0.5] }))).toBeCloseTo(9.5, 5);
    // Mean powers: (5 + 0.5) / 2 and (4 + 1) / 2.
    expect(valueOf(intermediateLoss(y, yPrime, { levelWeighting: 'scale-free' }))).toBeCloseTo(2.5 / 2.75 + 9 / 2.5, 4);
  });

  it.each([
    ['plain', referenceMse],
    ['scale-free', referenceScaleFree],
  ] as const)('has the gradient of finite differences in both sides: %s', (levelWeighting, reference) => {
    const weights = [0.5, 3];
    const { value, gradients, left } = evaluate(
      (a, b, c, d) => intermediateLoss([a!, b!], [c!, d!], { weights, levelWeighting }),
      [...tensors(features), ...tensors(targets)],
    );
    expectAllClose([value], [0.5 * reference(features[0]!, targets[0]!) + 3 * reference(features[1]!, targets[1]!)]);
    weights.forEach((weight, level) => {
      const [y, yPrime] = [features[level]!, targets[level]!];
      expectAllClose(
        gradients[level]!,
        finiteDifferences((x) => weight * reference(x, yPrime), y),
      );
      expectAllClose(
        gradients[2 + level]!,
        finiteDifferences((x) => weight * reference(y, x), yPrime),
      );
    });
    expect(left).toBe(0);
  });

  it.each(['plain', 'scale-free'] as const)('stops at the targets inside variableGrads: %s', (levelWeighting) => {
    const y = tf.variable(tf.tensor1d(features[0]!));
    const yPrime = tf.variable(tf.tensor1d(targets[0]!));
    const options: IntermediateLossOptions = { levelWeighting, targetGradient: 'stop' };
    const stopped = tf.variableGrads(() => intermediateLoss([y], [yPrime], options), [y, yPrime]);
    const reference = levelWeighting === 'plain' ? referenceMse : referenceScaleFree;
    expectAllClose(
      stopped.grads[y.name]!.dataSync(),
      finiteDifferences((x) => reference(x, targets[0]!), features[0]!),
    );
    expect(stopped.grads[yPrime.name]).toBeUndefined();
    const flowing = tf.variableGrads(() => intermediateLoss([y], [yPrime], { levelWeighting }), [y, yPrime]);
    expect(valueOf(flowing.value)).toBe(valueOf(stopped.value));
    expect(tf.max(tf.abs(flowing.grads[yPrime.name]!)).dataSync()[0]).toBeGreaterThan(0.01);
    tf.dispose([y, yPrime]);
  });

  it('counts a side that is both feature and stopped target as feature only', () => {
    // d/dy (y − sg(2y))² / 1 at y = 1 is 2·(1 − 2) = −2; with the flow it is d/dy y² = 2.
    const gradient = (targetGradient: 'flow' | 'stop') =>
      valueOf(tf.grad((y: tf.Tensor) => intermediateLoss([y], [doubled(y)], { targetGradient }))(tf.tensor1d([1])));
    expect(gradient('stop')).toBeCloseTo(-2, 6);
    expect(gradient('flow')).toBeCloseTo(2, 6);
  });

  it('scale-free: does not depend on the common scale, and no gradient shrinks both sides', () => {
    const element = fc.record({
      y: fc.double({ min: -4, max: 4, noNaN: true }),
      target: fc.double({ min: -4, max: 4, noNaN: true }),
    });
    const elements = fc
      .array(element, { minLength: 2, maxLength: 12 })
      .filter((list) => list.some((e) => Math.abs(e.y) > 0.5));
    fc.assert(
      fc.property(elements, fc.double({ min: 1, max: 100, noNaN: true }), (list, factor) => {
        const [y, target] = [list.map((e) => Math.fround(e.y)), list.map((e) => Math.fround(e.target))];
        const run = (scale: number) =>
          evaluate(
            (a, b) => intermediateLoss([a!], [b!], { levelWeighting: 'scale-free' }),
            [tf.tensor1d(y.map((v) => v * scale)), tf.tensor1d(target.map((v) => v * scale))],
          );
        const one = run(1);
        expect(one.value).toBeGreaterThanOrEqual(0);
        expect(one.value).toBeLessThanOrEqual(4 + 1e-5);
        // What is left comes from the 1e-6 beside the mean power, which is at least 0.01 here: 2·L·1e-6 / 0.01 < 1e-3.
        expectAllClose([run(factor).value], [one.value], 1e-3);
        // Euler: the derivative along the common scale is Σ y·∂L/∂y + Σ y'·∂L/∂y'.
        const along = [...y, ...target].reduce(
          (sum, v, i) => sum + v * [...one.gradients[0]!, ...one.gradients[1]!][i]!,
          0,
        );
        expect(Math.abs(along)).toBeLessThan(1e-3);
      }),
    );
  });

  it('scale-free: is finite, with finite gradients, for dead features', () => {
    const zeros = [tf.zeros([4]), tf.zeros([4])];
    const { value, gradients } = evaluate(
      (a, b) => intermediateLoss([a!], [b!], { levelWeighting: 'scale-free' }),
      zeros,
    );
    expect(value).toBe(0);
    expectAllClose(gradients.flat(), new Array(8).fill(0));
  });

  it('leaves out levels of weight 0', () => {
    const nan = tf.tensor1d([NaN]);
    expect(valueOf(intermediateLoss([nan, tf.tensor1d([1])], [nan, tf.tensor1d([3])], { weights: [0, 1] }))).toBe(4);
    expect(valueOf(intermediateLoss([nan], [nan], { weights: [0] }))).toBe(0);
  });

  it('refuses lists that do not match', () => {
    const [a, b] = [tf.zeros([1, 2]), tf.zeros([2, 1])];
    expect(() => intermediateLoss([], [])).toThrow('There are no features, expected at least one level.');
    expect(() => intermediateLoss([], [])).toThrow(OptionError);
    expect(() => intermediateLoss([a], [a, a])).toThrow('There are 2 targets, expected 1');
    expect(() => intermediateLoss([a], [a], { weights: [1, 1] })).toThrow('There are 2 weights, expected 1');
    expect(() => intermediateLoss([a, a], [a, b])).toThrow(
      'features of level 1 [1, 2] and targets of level 1 [2, 1] differ in shape, expected the same shape.',
    );
    expect(() => intermediateLoss([a], [a], { weights: [-1] })).toThrow('the weight of level 0 is -1');
  });
});

/** 2y with its gradient written out, as tfjs-core alone registers none. */
function doubled(y: tf.Tensor): tf.Tensor {
  return tf.customGrad((x) => ({ value: tf.mul(x as tf.Tensor, 2), gradFunc: (dy: tf.Tensor) => tf.mul(dy, 2) }))(y);
}
