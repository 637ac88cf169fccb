import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Scalar } from '@tensorflow/tfjs-core';
import { runOwnKernel } from './own-kernel.ts';

/** How gradients are checked and clipped before an update. */
export interface GradientGuards {
  /**
   * The largest norm of all gradients together, above 0: larger gradients are scaled down to it (Pascanu et al.,
   * arXiv 1211.5063). Defaults to no limit.
   */
  clipNorm?: number;
  /** Whether a step whose loss or gradients are not finite leaves everything as it is. Defaults to false. */
  skipNonFinite?: boolean;
}

/** Checked gradients, all on the device, so that they can be part of a recorded graph. */
export interface GuardedGradients {
  gradients: NamedTensorMap;
  /** The norm of all gradients together, before clipping. */
  norm: Scalar;
  /** 1, or 0 if the step must not update anything; only with `skipNonFinite`. */
  usable?: Scalar;
}

/** The square of a larger gradient overflows float32. */
const largest = 1e18;

/** 1 where a value is finite and below {@link largest}, else 0; comparisons with NaN are false. */
const isUsable = (value: tf.Tensor): tf.Tensor => tf.less(tf.abs(value), largest);

/**
 * Clips gradients and checks whether they are finite. If not, their values that are not finite become 0, so that 0 times
 * them is 0.
 */
export function guardGradients(
  loss: Scalar,
  gradients: NamedTensorMap,
  { clipNorm, skipNonFinite }: GradientGuards,
): GuardedGradients {
  return tf.tidy(() => {
    const norm = tf.sqrt(sumOfSquares(gradients)) as Scalar;
    const usable = skipNonFinite ? (tf.cast(isUsable(tf.add(tf.abs(loss), norm)), 'float32') as Scalar) : undefined;
    const clean = (value: tf.Tensor): tf.Tensor =>
      skipNonFinite ? tf.where(isUsable(value), value, tf.zerosLike(value)) : value;
    const factor = clipNorm === undefined ? undefined : tf.div(clipNorm, tf.maximum(clean(norm), clipNorm));
    const guarded = Object.entries(gradients).map(([name, gradient]) => {
      const value = clean(gradient);
      return [name, factor ? tf.mul(value, factor) : value] as const;
    });
    return { gradients: Object.fromEntries(guarded), norm, ...(usable && { usable }) };
  });
}

/**
 * The squares of all numbers, summed. TensorFlow.js has no kernel for it, but takes two for each tensor; an engine may
 * register `SumOfSquares` (tensors → a scalar).
 */
function sumOfSquares(tensors: NamedTensorMap): tf.Tensor {
  const all = Object.values(tensors);
  const inputs = Object.fromEntries(all.map((one, at) => [`x${at}`, one]));
  return runOwnKernel('SumOfSquares', inputs)?.[0] ?? tf.addN(all.map((one) => tf.sum(tf.square(one))));
}

/** The new value of a variable: `after` if `usable` is 1, `before` if it is 0. */
export function afterUsable(before: tf.Tensor, after: tf.Tensor, usable: Scalar): tf.Tensor {
  return tf.tidy(() => {
    const change = tf.sub(after, before);
    return tf.add(before, tf.mul(usable, tf.where(isUsable(change), change, tf.zerosLike(change))));
  });
}
