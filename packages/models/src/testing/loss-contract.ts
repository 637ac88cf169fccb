import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SegmentationLoss } from '../segmentation-losses.ts';

const shape: [number, number, number, number] = [2, 2, 3, 2];
const maskValues = Array.from({ length: 24 }, (_, index) => (index % 3 === 0 ? 1 : 0));
const logitValues = Array.from({ length: 24 }, (_, index) => 2 * Math.sin(5 * index + 1));

/**
 * What every loss between segmentation and mask must do, as tests of vitest on the engine `cpu`: a finite scalar
 * however sure the network is, less for a better segmentation, the same from logits as from probabilities, gradients
 * that agree with finite differences, no tensor left behind. A loss's test is one call of this.
 */
export function describeLossContract({ name, compute }: SegmentationLoss): void {
  const of = (mask: readonly number[], logits: readonly number[]): number =>
    tf.tidy(() => {
      const loss = compute(tf.tensor(mask as number[], shape), tf.tensor(logits as number[], shape), {
        fromLogits: true,
      });
      expect(loss.shape).toEqual([]);
      return loss.dataSync()[0]!;
    });
  const towards = (size: number): number[] => maskValues.map((value) => (2 * value - 1) * size);

  describe(name, () => {
    beforeAll(async () => {
      await tf.setBackend('cpu');
    });

    it('is less the better the segmentation is, and finite however sure it is', () => {
      const losses = [-60, -4, 0, 4, 60].map((size) => of(maskValues, towards(size)));
      expect(losses.every(Number.isFinite)).toBe(true);
      for (const [index, loss] of losses.slice(0, -1).entries()) {
        if (index === 1 || index === 2) expect(losses[index + 1]).toBeLessThan(loss);
        else expect(losses[index + 1]).toBeLessThanOrEqual(loss);
      }
    });

    it('is finite for an empty mask and for a full one', () => {
      for (const value of [0, 1]) {
        expect(of(Array<number>(24).fill(value), logitValues)).toSatisfy(Number.isFinite);
      }
    });

    it('is the same from logits as from probabilities', () => {
      const fromProbabilities = tf.tidy(
        () =>
          compute(tf.tensor(maskValues, shape), tf.sigmoid(tf.tensor(logitValues, shape)), {
            fromLogits: false,
          }).dataSync()[0]!,
      );
      expect(of(maskValues, logitValues)).toBeCloseTo(fromProbabilities, 4);
    });

    it('has the gradient that finite differences give', () => {
      const mask = tf.tensor(maskValues, shape);
      const gradient = tf
        .grad((logits: Tensor) => compute(mask, logits, { fromLogits: true }))(tf.tensor(logitValues, shape))
        .dataSync();
      const step = 1e-2;
      const scale = Math.max(...gradient.map(Math.abs));
      expect(scale).toBeGreaterThan(0);
      for (const index of [0, 1, 7, 13, 23]) {
        const moved = (by: number): number =>
          of(
            maskValues,
            logitValues.map((value, position) => (position === index ? value + by : value)),
          );
        const numeric = (moved(step) - moved(-step)) / (2 * step);
        expect(Math.abs(numeric - gradient[index]!)).toBeLessThan(0.02 * scale + 1e-4);
      }
    });

    it('leaves nothing behind but the scalar', () => {
      const mask = tf.tensor(maskValues, shape);
      const logits = tf.tensor(logitValues, shape);
      const before = tf.memory().numTensors;
      compute(mask, logits, { fromLogits: true });
      expect(tf.memory().numTensors).toBe(before + 1);
    });
  });
}
