import { OptionError } from '@interseg/errors';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { createOptimizer, optimizerNames, type OptimizerOptions } from './create-optimizer.ts';
import type { Optimizer } from './optimizer.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const networkOf = (...variables: tf.Variable[]) => ({
  trainableVariables: variables,
  variables: new Map(variables.map((variable, index) => [`weight_${index}`, variable])),
});

function update(optimizer: Optimizer, gradient: tf.Tensor, learningRate: number, steps: number, usable?: number): void {
  tf.tidy(() => {
    const numbers = Object.entries(optimizer.scalars(learningRate, steps));
    const scalars = Object.fromEntries(numbers.map(([name, value]) => [name, tf.scalar(value)]));
    const gradients = { [optimizer.variables[0]!.name]: gradient };
    optimizer.apply(gradients, scalars, usable === undefined ? undefined : tf.scalar(usable));
  });
}

/** Three steps of a 2 × 2 kernel with other gradients and learning rates each. */
function threeSteps(options: OptimizerOptions): number[][] {
  const variable = tf.tidy(() => tf.variable(tf.tensor2d([1, -2, 3, 0.5], [2, 2])));
  const optimizer = createOptimizer(networkOf(variable), options);
  const seen = [0.1, 0.1, 0.05].map((learningRate, k) => {
    const gradient = tf.tensor2d([0.5, -4, 1.5 * (k + 1), 0.25 - k], [2, 2]);
    update(optimizer, gradient, learningRate, k);
    gradient.dispose();
    return Array.from(variable.dataSync());
  });
  tf.dispose(variable);
  optimizer.dispose();
  return seen;
}

const close = (rows: number[][]): unknown => rows.map((row) => row.map((value) => expect.closeTo(value, 5)));

describe('an optimiser', () => {
  it.each(['adam', 'adamw'] as const)('%s takes its update from one kernel where the engine has it', (optimizer) => {
    const kernel = { kernelName: 'AdamUpdate', backendName: 'cpu' };
    const given: unknown[] = [];
    tf.registerKernel({
      ...kernel,
      kernelFunc: ({ inputs, attrs }) => {
        given.push([Object.keys(inputs), attrs]);
        // Distinct values: what belongs to which is seen afterwards.
        return [10, 20, 30].map((value) => tf.fill([2, 2], value));
      },
    });
    try {
      const variable = tf.tidy(() => tf.variable(tf.ones([2, 2])));
      const made = createOptimizer(networkOf(variable), { optimizer });
      update(made, tf.ones([2, 2]), 0.1, 0);
      const inputs = ['variable', 'gradient', 'first', 'second', 'stepSize', 'epsilon'];
      const all = optimizer === 'adamw' ? [...inputs, 'decay'] : inputs;
      expect(given).toEqual([[all, { beta1: 0.9, beta2: 0.999 }]]);
      const firsts = [variable, ...made.state.values()].map((one) => one.dataSync()[0]);
      expect(firsts).toEqual([10, 20, 30]);
    } finally {
      tf.unregisterKernel(kernel.kernelName, kernel.backendName);
    }
  });

  it('of the name sgd moves as SGD of PyTorch does, with Nesterov momentum and weight decay', () => {
    // What torch.optim.SGD(lr, momentum=0.99, nesterov=True, weight_decay=0.1) of PyTorch made of the same.
    expect(threeSteps({ optimizer: 'sgd', momentum: 0.99, weightDecay: 0.1 })).toEqual(
      close([
        [0.8806, -1.1642, 2.6418, 0.4403],
        [0.70477003, 0.06660967, 1.81581008, 0.55138499],
        [0.59008074, 0.86943483, 1.1027046, 0.74006528],
      ]),
    );
    const [momentum, weightDecay] = [0.99, 3e-5];
    expect(threeSteps({ optimizer: 'sgd' })).toEqual(threeSteps({ optimizer: 'sgd', momentum, weightDecay }));
  });

  it('of the name adamw moves as AdamW of PyTorch does', () => {
    // What torch.optim.AdamW(lr, weight_decay=0.1) of PyTorch made of the same.
    expect(threeSteps({ optimizer: 'adamw', weightDecay: 0.1 })).toEqual(
      close([
        [0.89, -1.88, 2.87, 0.39500001],
        [0.78110003, -1.7612, 2.74478197, 0.440469],
        [0.72719455, -1.70239401, 2.68315816, 0.47523761],
      ]),
    );
    expect(threeSteps({ optimizer: 'adamw', weightDecay: 0 })).toEqual(threeSteps({ optimizer: 'adam' }));
  });

  it.each(['adamw', 'sgd'] as const)('shrinks kernels without a gradient, but no bias or scale: %s', (optimizer) => {
    for (const [variable, expected] of [
      [tf.variable(tf.ones([1, 1, 1, 1])), 1 - 0.1 * 0.2],
      [tf.variable(tf.ones([1])), 1],
    ] as const) {
      const one = createOptimizer(networkOf(variable), {
        optimizer,
        weightDecay: 0.2,
        ...(optimizer === 'sgd' && { momentum: 0 }),
      });
      update(one, tf.zerosLike(variable), 0.1, 0);
      expect(variable.dataSync()[0]).toBeCloseTo(expected, 6);
    }
  });

  it.each(optimizerNames)('leaves everything as it is in a step that is unusable, and no tensor behind: %s', (name) => {
    const variable = tf.tidy(() => tf.variable(tf.ones([2, 2])));
    const gradient = tf.ones([2, 2]);
    const before = tf.memory().numTensors;
    const optimizer = createOptimizer(networkOf(variable), { optimizer: name });
    const made = tf.memory().numTensors;
    const values = () => [variable, ...optimizer.state.values()].map((one) => Array.from(one.dataSync()));
    update(optimizer, gradient, 0.1, 0);
    const held = values();
    update(optimizer, gradient, 0.1, 1, 0);
    expect(values()).toEqual(held);
    update(optimizer, gradient, 0.1, 1, 1);
    expect(values()).not.toEqual(held);
    expect(tf.memory().numTensors).toBe(made);
    for (const key of optimizer.state.keys()) expect(key).toMatch(new RegExp(`^${name}/0/`));
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([variable, gradient]);
  });

  it.each<[OptimizerOptions, string]>([
    [{ weightDecay: 0.1 }, 'The option weightDecay is 0.1, expected none, as adam has none: adamw or sgd has.'],
    [{ optimizer: 'adamw', momentum: 0.9 }, 'The option momentum is 0.9, expected none, as adamw has none: sgd has.'],
    [{ optimizer: 'sgd', momentum: 1 }, 'The option momentum is 1, expected a finite number at least 0 and below 1.'],
    [{ optimizer: 'sgd', weightDecay: NaN }, 'The option weightDecay is NaN, expected a finite number at least 0.'],
    [{ optimizer: 'lion' as 'sgd' }, 'The option optimizer is lion, expected one of adam, adamw, sgd.'],
  ])('refuses %o', (options, message) => {
    expect(() => createOptimizer(networkOf(), options)).toThrow(new OptionError(message));
  });
});
