import { createNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { createOptimizer } from './create-optimizer.ts';
import { WeightAverage } from './weight-average.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const set = (variable: tf.Variable, value: number): void =>
  tf.tidy(() => variable.assign(tf.fill(variable.shape, value)));
const read = (variable: tf.Tensor): number => variable.dataSync()[0]!;

describe('the moving average of weights', () => {
  it('forgets the first weights soon and the later ones at its decay', () => {
    const weight = tf.variable(tf.scalar(8));
    const average = new WeightAverage(new Map([['w', weight]]), 0.25);
    const seen = [4, 6, 10, -2].map((value, step) => {
      set(weight, value);
      tf.tidy(() => average.update(tf.scalar(average.shareOfNew(step))));
      return read(average.averages.get('w')!);
    });
    // Decays of 1/10, 2/11, then 3/12 = 1/4 and for ever 1/4.
    const first = 0.1 * 8 + 0.9 * 4;
    const second = (2 / 11) * first + (9 / 11) * 6;
    const third = 0.25 * second + 0.75 * 10;
    expect(seen).toEqual([first, second, third, 0.25 * third + 0.75 * -2].map((value) => expect.closeTo(value, 5)));
    expect(average.shareOfNew(1e6)).toBe(0.75);
    tf.tidy(() => average.update(tf.scalar(0.5), tf.scalar(0)));
    expect(read(average.averages.get('w')!)).toBe(seen[3]);
    average.restart();
    expect(read(average.averages.get('w')!)).toBe(-2);
    average.dispose();
    weight.dispose();
  });

  it('is in the network while work goes on, and not afterwards, even if the work fails', async () => {
    const before = tf.memory().numTensors;
    const weight = tf.tidy(() => tf.variable(tf.scalar(1)));
    const average = new WeightAverage(new Map([['w', weight]]), 0.9);
    set(weight, 3);
    expect(await average.during(() => Promise.resolve(read(weight)))).toBe(1);
    expect(read(weight)).toBe(3);
    const fail = (): Promise<never> => Promise.reject(new Error(`seen: ${read(weight)}`));
    await expect(average.during(fail)).rejects.toThrow('seen: 1');
    expect(read(weight)).toBe(3);
    average.apply();
    set(weight, read(weight) + 1);
    expect([read(weight), read(average.averages.get('w')!)]).toEqual([2, 1]);
    average.dispose();
    weight.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('can be computed with at once, also where the work fails', () => {
    const weight = tf.variable(tf.tensor1d([1, 2]));
    const average = new WeightAverage(new Map([['w', weight]]), 0.5);
    set(weight, 6);
    const tensors = tf.memory().numTensors;
    const doubled = tf.tidy(() => average.compute(() => tf.mul(weight, 2)));
    expect(Array.from(doubled.dataSync())).toEqual([2, 4]);
    expect(Array.from(weight.dataSync())).toEqual([6, 6]);
    doubled.dispose();
    const fail = (): never => {
      throw new Error('no');
    };
    expect(() => average.compute(fail)).toThrow('no');
    expect([read(weight), read(average.averages.get('w')!)]).toEqual([6, 1]);
    expect(tf.memory().numTensors).toBe(tensors);
    average.dispose();
    weight.dispose();
  });

  it('shares no memory with the weights, so that a recorded step can tell them apart', async () => {
    const network = createNetwork({ variant: 'unet', inputShape: [8, 8, 1], classes: 1, filters: [2, 3] });
    const optimizer = createOptimizer(network, { averageWeights: 0.5 });
    const variables = [...network.variables.values(), ...optimizer.state.values()];
    const shared = (): number => variables.length - new Set(variables.map(({ dataId }) => dataId)).size;
    expect(shared()).toBe(0);
    optimizer.average!.restart();
    expect(shared()).toBe(0);
    await optimizer.average!.during(() => Promise.resolve(expect(shared()).toBe(0)));
    expect(shared()).toBe(0);
    expect([...optimizer.state.keys()].filter((name) => name.startsWith('average/'))).toEqual(
      [...network.variables.keys()].map((name) => `average/${name}`),
    );
    optimizer.dispose();
    network.dispose();
  });
});
