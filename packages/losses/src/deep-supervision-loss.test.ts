import * as tf from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';
import { describe, expect, it } from 'vitest';
import { finiteDifferences, referenceBce, referenceDice, sigmoid } from '../test/reference.ts';
import { evaluate, expectAllClose, randomArray, valueOf } from '../test/support.ts';
import { deepSupervisionLoss } from './deep-supervision-loss.ts';

/** The mean of a mask `[N, H, W, K]` over its f×f voxels. */
function coarser(labels: readonly number[], [n, h, w, k]: readonly number[], f: number): number[] {
  const mean = Array<number>((n! * h! * w! * k!) / f ** 2).fill(0);
  for (const [index, t] of labels.entries()) {
    const [c, x, y] = [index % k!, Math.floor(index / k!) % w!, Math.floor(index / k! / w!) % h!];
    const sample = Math.floor(index / k! / w! / h!);
    const position = (sample * (h! / f) + Math.floor(y / f)) * (w! / f) + Math.floor(x / f);
    mean[position * k! + c]! += t / f ** 2;
  }
  return mean;
}

describe('deepSupervisionLoss', () => {
  it('gives a value computed by hand', () => {
    // One voxel of 16 is an object: ¼ of a voxel at half the resolution, 1/16 of the only one at a quarter. All p = ½, so
    // BCE is log 2 at both; Dice 1 − (2·½·¼ + 1)/(2 + ¼ + 1) and 1 − (2·½/16 + 1)/(½ + 1/16 + 1). Weights 2/3 and 1/3.
    const labels = tf.buffer([1, 4, 4, 1]);
    labels.set(1, 0, 2, 1, 0);
    const halves = [tf.fill([1, 2, 2, 1], 0.5), tf.fill([1, 1, 1, 1], 0.5)];
    const expected = Math.LN2 + (2 * (1 - 1.25 / 3.25) + (1 - 1.0625 / 1.5625)) / 3;
    expect(valueOf(deepSupervisionLoss(labels.toTensor(), halves))).toBeCloseTo(expected, 6);
    expect(valueOf(deepSupervisionLoss(labels.toTensor(), [...halves].reverse()))).toBeCloseTo(expected, 6);
  });

  it('has the value and gradient of the loss at each resolution, weighed', () => {
    const shape: [number, number, number, number] = [2, 4, 8, 2];
    const labels = randomArray(shape, 7, (u) => (u > 0.6 ? 1 : 0));
    const t = tf.tensor4d(labels, shape);
    const options = { smooth: 0.5, bceWeight: 0.7, fromLogits: true };
    const logits = [randomArray([2, 2, 4, 2], 8, (u) => 6 * u - 3), randomArray([2, 1, 2, 2], 9, (u) => 6 * u - 3)];
    const at = (level: number, z: number[]) => {
      const mask = coarser(labels, shape, 2 ** (level + 1));
      const p = z.map(sigmoid);
      return 0.7 * referenceBce(mask, p) + referenceDice(mask, p, [2, [8, 2][level]!, 2], 0.5);
    };
    const found = evaluate(
      (half, quarter) => deepSupervisionLoss(t, [half!, quarter!], options),
      [tf.tensor4d(logits[0]!, [2, 2, 4, 2]), tf.tensor4d(logits[1]!, [2, 1, 2, 2])],
    );
    expectAllClose([found.value], [(2 * at(0, logits[0]!) + at(1, logits[1]!)) / 3]);
    for (const level of [0, 1]) {
      const slope = finiteDifferences((z) => (at(level, z) * [2, 1][level]!) / 3, logits[level]!);
      expectAllClose(found.gradients[level]!, slope);
    }
    expect(found.left).toBe(0);
  });

  it('computes another loss in the place of BCE-Dice', () => {
    const labels = tf.tensor4d([1, 0, 0, 0], [1, 2, 2, 1]);
    const segmentationLoss = (t: tf.Tensor, p: tf.Tensor, { smooth = 0 }): tf.Scalar =>
      tf.tidy(() => tf.add(tf.sum(tf.abs(tf.sub(t, p))), smooth));
    const loss = deepSupervisionLoss(labels, [tf.fill([1, 1, 1, 1], 1)], { segmentationLoss, smooth: 2 });
    expect(valueOf(loss)).toBeCloseTo(2.75, 6);
  });

  it('refuses what is no fraction of the mask, and nothing', () => {
    const labels = tf.zeros([1, 4, 8, 1]);
    const of =
      (...shape: [number, number][]) =>
      () =>
        deepSupervisionLoss(
          labels,
          shape.map(([height, width]) => tf.zeros([1, height, width, 1])),
        );
    expect(of()).toThrow(OptionError);
    expect(of([4, 8])).toThrow('found a segmentation of 4×8 for a mask of 4×8, expected one of a half');
    expect(of([2, 2])).toThrow('found a segmentation of 2×2');
    expect(of([3, 6])).toThrow(OptionError);
  });
});
