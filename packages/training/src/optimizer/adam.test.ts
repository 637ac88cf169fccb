import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { Adam } from './adam.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function update(adam: Adam, variable: tf.Variable, gradient: number[], learningRate: number, steps: number): void {
  const { stepSize, epsilon } = Adam.step(learningRate, steps);
  const inputs = [tf.scalar(stepSize), tf.scalar(epsilon), tf.tensor1d(gradient)] as const;
  adam.apply({ [variable.name]: inputs[2] }, { stepSize: inputs[0], epsilon: inputs[1] });
  tf.dispose([...inputs]);
}

describe('Adam', () => {
  it('makes the two steps worked out by hand', () => {
    const variable = tf.variable(tf.tensor1d([1, -2]));
    const adam = new Adam([variable]);
    // First step: the corrected moments are g and g², so each entry moves by the learning rate against its sign.
    update(adam, variable, [0.5, -4], 0.1, 0);
    expect(Array.from(variable.dataSync())).toEqual([0.9, -1.9].map((v) => expect.closeTo(v, 6)));
    // Second step with g = 1.5: m = 0.9·0.05 + 0.1·1.5 = 0.195, corrected by 1 − 0.81 = 0.19;
    // v = 0.999·0.00025 + 0.001·2.25 = 0.00249975, corrected by 1 − 0.998001 = 0.001999.
    update(adam, variable, [1.5, 0], 0.1, 1);
    const move = (0.1 * (0.195 / 0.19)) / Math.sqrt(0.00249975 / 0.001999);
    expect(variable.dataSync()[0]).toBeCloseTo(0.9 - move, 5);
    variable.dispose();
    adam.dispose();
  });

  it('follows the Adam of tfjs-core over many steps', () => {
    const [ours, theirs] = [tf.variable(tf.tensor1d([1, -2, 3])), tf.variable(tf.tensor1d([1, -2, 3]))];
    const adam = new Adam([ours]);
    const reference = tf.train.adam(0.05, 0.9, 0.999, 1e-8);
    for (let step = 0; step < 30; step++) {
      const gradient = [Math.sin(step), 0.01 * Math.cos(step), 100];
      update(adam, ours, gradient, 0.05, step);
      tf.tidy(() => reference.applyGradients([{ name: theirs.name, tensor: tf.tensor1d(gradient) }]));
    }
    const difference = tf.max(tf.abs(tf.sub(ours, theirs))).dataSync()[0];
    expect(difference).toBeLessThan(1e-4);
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    const variable = tf.tidy(() => tf.variable(tf.zeros([3])));
    const adam = new Adam([variable]);
    expect(tf.memory().numTensors).toBe(before + 3);
    for (let step = 0; step < 3; step++) update(adam, variable, [1, 2, 3], 0.1, step);
    expect(tf.memory().numTensors).toBe(before + 3);
    adam.dispose();
    variable.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
