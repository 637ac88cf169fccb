import { createNetwork, type NetworkOptions } from '@interseg/models';
import { compileStep, useEngine, type EngineName } from '@interseg/runtime';
import { createOptimizer, createStep, type OptimizerOptions, type Step } from '@interseg/training';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

interface Setting {
  readonly network: Partial<NetworkOptions>;
  readonly optimizer?: OptimizerOptions;
  /** Whether three slices without masks are in every step, with a teacher who sees them otherwise. */
  readonly hasTeacher?: boolean;
  /** Whether λ changes from step to step. */
  readonly warmsUp?: boolean;
}

interface Course {
  readonly steps: number;
  /** Whether the batch of a step is smaller than others. */
  readonly isSmall: (step: number) => boolean;
}

interface Run {
  readonly losses: Record<string, number>[];
  readonly weights: Map<string, Float32Array>;
}

/**
 * Trains a small network operation by operation, and once more with its steps recorded and replayed.
 *
 * @returns both runs, and the largest difference of a loss
 */
export async function trainBothWays(
  engine: EngineName,
  setting: Setting,
  course: Course,
): Promise<{ plain: Run; replayed: Run; largest: number }> {
  await useEngine(engine);
  const plain = await train(setting, course, (step) => step);
  const reasons: string[] = [];
  let calls = 0;
  const replayed = await train(setting, course, (step) => {
    const counted: Step = (inputs) => {
      calls++;
      return step(inputs);
    };
    return compileStep(counted, { onFallback: (reason) => reasons.push(reason) });
  });
  expect(reasons).toEqual([]);
  // Twice for each of the two sizes of batch; all others are replayed.
  expect(calls).toBe(4);
  let largest = 0;
  plain.losses.forEach((terms, k) => {
    for (const [name, value] of Object.entries(terms)) {
      largest = Math.max(largest, Math.abs(replayed.losses[k]![name]! - value) / Math.max(1, Math.abs(value)));
    }
  });
  return { plain, replayed, largest };
}

/** Trains on batches that change, with a learning rate that changes. */
async function train(
  { network: options, optimizer: chosen, hasTeacher = false, warmsUp = false }: Setting,
  { steps, isSmall }: Course,
  compile: (step: Step) => Step,
): Promise<Run> {
  const network = createNetwork({
    variant: 'unet',
    inputShape: [16, 16, 1],
    classes: 1,
    filters: [4, 8, 8],
    ...options,
  });
  const optimizer = createOptimizer(network, chosen);
  const step = compile(createStep(network, optimizer, {}));
  const losses: Record<string, number>[] = [];
  for (let k = 0; k < steps; k++) {
    const image = tf.randomNormal([isSmall(k) ? 1 : 2, 16, 16, 1], 0, 1, 'float32', k + 1);
    const mask = tf.cast(tf.greater(image, 0.8), 'float32');
    const unlabelled = tf.randomNormal([3, 16, 16, 1], 0, 1, 'float32', 1000 + k);
    const images = { unlabelled, otherUnlabelled: tf.mul(unlabelled, 1.1) };
    const numbers = {
      ...optimizer.scalars(1e-3 * 0.99 ** k, k),
      ...(warmsUp && { lambda: k / steps }),
      ...(hasTeacher && { consistency: k / steps }),
    };
    const scalars = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, tf.scalar(value)]));
    const terms = step({ image, mask, ...(hasTeacher && images), ...scalars });
    const read = Object.entries(terms).map(async ([name, term]) => [name, (await term.data())[0]!] as const);
    losses.push(Object.fromEntries(await Promise.all(read)));
    tf.dispose([image, mask, ...Object.values(images), ...Object.values(scalars), ...Object.values(terms)]);
  }
  const weights = new Map<string, Float32Array>();
  for (const [name, v] of [...network.variables, ...optimizer.state]) {
    weights.set(name, (await v.data()) as Float32Array);
  }
  network.dispose();
  optimizer.dispose();
  if ('release' in step) (step.release as () => void)();
  return { losses, weights };
}
