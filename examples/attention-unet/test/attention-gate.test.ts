import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { input, model } from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { createAttentionGate } from '../src/index.ts';

it('weighs each 2×2 positions by σ(ψ·ReLU(Σ W_x·x + W_g·g + b_g) + b_ψ)', async () => {
  await tf.setBackend('cpu');
  const features = input({ shape: [2, 4, 1] });
  const gating = input({ shape: [1, 2, 1] });
  const gate = createAttentionGate({ name: 'gate', filters: 1, seed: 1 });
  const gated = model({ inputs: [features, gating], outputs: gate.apply(features, gating) });
  const set = (layer: string, ...weights: tf.Tensor[]): void => gated.getLayer(`gate_${layer}`).setWeights(weights);
  set('features', tf.tensor4d([1, 2, 3, 4], [2, 2, 1, 1]));
  set('gating', tf.tensor4d([5], [1, 1, 1, 1]), tf.tensor1d([-60]));
  set('attention', tf.tensor4d([0.5], [1, 1, 1, 1]), tf.tensor1d([-1]));
  const x = tf.tensor4d([1, 1, 2, 0, 1, 1, 0, 0], [1, 2, 4, 1]);
  const g = tf.tensor4d([11, 12.4], [1, 1, 2, 1]);
  // Left: 1 + 2 + 3 + 4 + 55 − 60 = 5, α = σ(½·5 − 1) = 0.8175745. Right: 2 + 62 − 60 = 4, α = σ(1) = 0.7310586.
  const [left, right] = [0.8175745, 0.7310586];
  const expected = [left, left, 2 * right, 0, left, left, 0, 0];
  const found = (gated.predict([x, g]) as tf.Tensor).dataSync();
  expected.forEach((value, index) => expect(found[index]).toBeCloseTo(value, 5));
});
