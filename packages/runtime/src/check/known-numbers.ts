import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';

/** A computation whose result is known by hand. */
export interface KnownNumbers {
  readonly name: string;
  readonly compute: () => Tensor;
  readonly expected: readonly number[];
}

const ones = (...shape: [number, number, number, number]): Tensor4D => tf.ones(shape);
const convolve = (x: Tensor, kernel: Tensor): Tensor => tf.conv2d(x as Tensor4D, kernel as Tensor4D, 1, 'same');
const pool = (x: Tensor): Tensor => tf.maxPool(x as Tensor4D, 2, 2, 'valid');

/** The computations that training a segmentation network relies on. */
export const knownNumbers: readonly KnownNumbers[] = [
  {
    // A window of 3×3 over 3×3 ones covers four of them at a corner, six at an edge and nine inside.
    name: 'convolution',
    compute: () => convolve(ones(1, 3, 3, 1), ones(3, 3, 1, 1)),
    expected: [4, 6, 4, 6, 9, 6, 4, 6, 4],
  },
  {
    name: 'gradient of a convolution by its input',
    compute: () => tf.grad((x) => tf.sum(convolve(x, ones(3, 3, 1, 1))))(ones(1, 3, 3, 1)),
    expected: [4, 6, 4, 6, 9, 6, 4, 6, 4],
  },
  {
    // Each weight meets all positions but those outside the image.
    name: 'gradient of a convolution by its kernel',
    compute: () => tf.grad((kernel) => tf.sum(convolve(ones(1, 4, 4, 1), kernel)))(ones(3, 3, 1, 1)),
    expected: [9, 12, 9, 12, 16, 12, 9, 12, 9],
  },
  {
    name: 'transposed convolution',
    compute: () => tf.conv2dTranspose(tf.tensor4d([1, 2], [1, 1, 2, 1]), ones(2, 2, 1, 1), [1, 2, 4, 1], 2, 'same'),
    expected: [1, 1, 2, 2, 1, 1, 2, 2],
  },
  {
    // The largest of negative values receives the gradient, too.
    name: 'gradient of pooling by the maximum',
    compute: () => tf.grad((x) => tf.sum(pool(x)))(tf.tensor4d([-4, -3, -2, -5], [1, 2, 2, 1])),
    expected: [0, 0, 1, 0],
  },
  {
    name: 'gradient of ReLU',
    compute: () => tf.grad((x) => tf.sum(tf.relu(x)))(tf.tensor1d([-1, 0, 2])),
    expected: [0, 0, 1],
  },
  {
    // Σ (x − μ)² of 1, 2, 6 is 4 + 1 + 9; its mean, and the slope 2 (x − μ)/3.
    name: 'gradient of a variance',
    compute: () => tf.grad((x) => tf.moments(x).variance)(tf.tensor1d([1, 2, 6])),
    expected: [-4 / 3, -2 / 3, 2],
  },
];
