import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Scalar } from '@tensorflow/tfjs-core';

/** What is done about gradients before they move anything. */
export interface GradientGuards {
  /** Largest norm of all gradients together, > 0: larger ones are scaled down to it (Pascanu et al., arXiv 1211.5063). */
  clipNorm?: number;
  /** Leaves everything as it is in a step whose loss or gradients are not finite. */
  skipNonFinite?: boolean;
}

/** Gradients that were looked at, all on the device: a recorded graph can hold it. */
export interface GuardedGradients {
  gradients: NamedTensorMap;
  /** Of all gradients together, before they were clipped. */
  norm: Scalar;
  /** 1, or 0 where nothing must be moved; absent where that is not asked for. */
  usable?: Scalar;
}

/** From here on the square of a gradient leaves the range of float32. */
const largest = 1e18;

/** 1 where a value is finite and not absurdly large, else 0; comparisons with NaN are false. */
const isUsable = (value: tf.Tensor): tf.Tensor => tf.less(tf.abs(value), largest);

/**
 * Clips gradients and finds out whether they can be used. Where they cannot, their values that are not finite become 0, so
 * that 0 times them is 0.
 */
export function guardGradients(
  loss: Scalar,
  gradients: NamedTensorMap,
  { clipNorm, skipNonFinite }: GradientGuards,
): GuardedGradients {
  return tf.tidy(() => {
    const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
    const norm = tf.sqrt(tf.addN(squares)) as Scalar;
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

/** What a variable is to hold: `after` in a step that can be used, `before` in one that cannot. */
export function afterUsable(before: tf.Tensor, after: tf.Tensor, usable: Scalar): tf.Tensor {
  return tf.tidy(() => {
    const change = tf.sub(after, before);
    return tf.add(before, tf.mul(usable, tf.where(isUsable(change), change, tf.zerosLike(change))));
  });
}
