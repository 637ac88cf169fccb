import { createNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';

/** What some steps of training give. */
export interface Training {
  /** The loss before each step. */
  readonly losses: readonly number[];
  /** How many tensors the steps after the first left behind. */
  readonly tensorsLeft: number;
}

/** Trains a small network of a variant on the current engine, from the same weights and on the same images each time. */
export async function train(variant: string, steps: number): Promise<Training> {
  const network = createNetwork({ variant, inputShape: [32, 32, 1], classes: 1, filters: [4, 8, 8] });
  const image = tf.randomUniform([2, 32, 32, 1], 0, 1, 'float32', 5);
  const mask = tf.cast(tf.greater(image, 0.7), 'float32');
  const optimizer = tf.train.adam(1e-2);
  const losses: number[] = [];
  let tensors = 0;
  for (let step = 0; step < steps; step++) {
    const loss = () => network.loss({ image, mask }).total;
    const value = optimizer.minimize(loss, true, network.trainableVariables) as tf.Scalar;
    losses.push((await value.data())[0]!);
    value.dispose();
    if (step === 0) tensors = tf.memory().numTensors;
  }
  const tensorsLeft = tf.memory().numTensors - tensors;
  tf.dispose([image, mask]);
  optimizer.dispose();
  network.dispose();
  return { losses, tensorsLeft };
}
