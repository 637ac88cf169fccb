import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * The gradient of `f` at `at` by central differences, entry by entry: an oracle that knows nothing of automatic
 * differentiation. `step` balances truncation against the rounding of float32.
 */
export function finiteDifferences(f: (x: Tensor) => Tensor, at: Tensor, step = 1e-2): Float32Array {
  const values = Float32Array.from(at.dataSync());
  return values.map((value, index) => {
    const evaluate = (shifted: number): number =>
      tf.tidy(() => {
        const moved = Float32Array.from(values);
        moved[index] = shifted;
        return f(tf.tensor(moved, at.shape)).dataSync()[0]!;
      });
    return (evaluate(value + step) - evaluate(value - step)) / (2 * step);
  });
}

/** The largest difference between two gradients, relative to the larger one's largest entry. */
export function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let scale = 1e-12;
  for (let i = 0; i < a.length; i++) {
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!));
    scale = Math.max(scale, Math.abs(a[i]!), Math.abs(b[i]!));
  }
  return difference / scale;
}
