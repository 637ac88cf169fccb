import * as tf from '@tensorflow/tfjs-core';
import { pseudoRandom } from './values.ts';

/** A differentiable function of tensors of given shapes. */
export interface Operation {
  name: string;
  shapes: number[][];
  run: (...inputs: tf.Tensor[]) => tf.Tensor;
  /** Maps the values, which are in (-1, 1), to where the function is defined or smooth. */
  domain?: (value: number) => number;
}

/** The value of a function and the gradients of a fixed random weighting of it. */
export interface Outcome {
  value: Float32Array;
  gradients: Float32Array[];
}

function inputValues({ shapes, domain = (v) => v }: Operation): Float32Array[] {
  return shapes.map((shape, k) => pseudoRandom(tf.util.sizeFromShape(shape), k + 1).map(domain));
}

function weigh(y: tf.Tensor): tf.Tensor {
  return tf.sum(tf.mul(y, tf.tensor(pseudoRandom(y.size, 99), y.shape)));
}

/** Runs a function and its gradients on a backend. */
export async function runOn(backend: string, operation: Operation): Promise<Outcome> {
  await tf.setBackend(backend);
  const [value, ...gradients] = tf.tidy(() => {
    const inputs = inputValues(operation).map((values, k) => tf.tensor(values, operation.shapes[k]!));
    return [
      operation.run(...inputs),
      ...tf.grads((...x: tf.Tensor[]) => weigh(operation.run(...x)))(inputs),
    ] as tf.Tensor[];
  });
  return { value: await readNumbers(value!), gradients: await Promise.all(gradients.map(readNumbers)) };
}

/** Some backends can be read in no other way than asynchronously. */
async function readNumbers(tensor: tf.Tensor): Promise<Float32Array> {
  const values = Float32Array.from(await tensor.data());
  tensor.dispose();
  return values;
}

/** The slopes of the weighted function by central differences, at up to `count` places of each input. */
export async function slopesOn(
  backend: string,
  operation: Operation,
  step: number,
  count: number,
): Promise<Map<number, number>[]> {
  await tf.setBackend(backend);
  const values = inputValues(operation);
  const evaluate = async (): Promise<number> => {
    const total = tf.tidy(() => weigh(operation.run(...values.map((v, k) => tf.tensor(v, operation.shapes[k]!)))));
    return (await readNumbers(total))[0]!;
  };
  const slopes = values.map(() => new Map<number, number>());
  for (const [i, input] of values.entries()) {
    for (let k = 0; k < input.length; k += Math.max(1, Math.floor(input.length / count))) {
      const old = input[k]!;
      input[k] = old + step;
      const above = await evaluate();
      input[k] = old - step;
      const below = await evaluate();
      input[k] = old;
      slopes[i]!.set(k, (above - below) / (2 * step));
    }
  }
  return slopes;
}
