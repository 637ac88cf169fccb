import * as tf from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';
import { checkSameShape } from './internal/checks.ts';
import { differentiable } from './internal/differentiable.ts';

/** Options of {@link consistencyLoss}. */
export interface ConsistencyLossOptions {
  /**
   * How sure the teacher must be, from 0.5 to 1: only where its probability is at least this, or at most 1 minus this, does
   * an element count. Defaults to 0.5, which is everywhere.
   */
  confidence?: number;
}

/**
 * How far a student is from its teacher, the mean of w·(p − q)² over all elements: the consistency cost of Tarvainen &
 * Valpola, arXiv 1703.01780, equation 2, for a segmentation. In [0, 1].
 *
 * The weight w is 1 where the teacher is as sure as `confidence` says, and 0 elsewhere, as in FixMatch (Sohn et al., arXiv
 * 2001.07685), which also divides by the number of all elements: the less sure the teacher is, the less it says. The target
 * stays the teacher's probability; it is not rounded to a label.
 *
 * @param teacher q, in [0, 1], `[N, H, W, K]`. A constant: no gradient flows in.
 * @param student p, in [0, 1], of the same shape.
 * @returns A scalar.
 * @throws OptionError if the shapes differ, or `confidence` is not from 0.5 to 1.
 */
export function consistencyLoss(
  teacher: tf.Tensor,
  student: tf.Tensor,
  { confidence = 0.5 }: ConsistencyLossOptions = {},
): tf.Scalar {
  checkSameShape('teacher', teacher, 'student', student);
  checkConfidence(confidence);
  return differentiable([student], () => {
    const difference = tf.sub(student, teacher);
    const counted = confidence > 0.5 ? tf.mul(difference, isSure(teacher, confidence)) : difference;
    return {
      value: tf.mean(tf.mul(counted, difference)),
      saved: [counted],
      gradients: (dy, [kept]) => [tf.mul(kept!, tf.mul(dy, 2 / student.size))],
    };
  });
}

/** @throws OptionError unless the number is from 0.5 to 1 */
function checkConfidence(confidence: number): void {
  if (confidence >= 0.5 && confidence <= 1) return;
  throw new OptionError(`confidence is ${confidence}, expected a number from 0.5 to 1.`);
}

/** 1 where a probability is at least `confidence` or at most 1 − `confidence`, else 0. */
function isSure(probabilities: tf.Tensor, confidence: number): tf.Tensor {
  return tf.cast(tf.greaterEqual(tf.abs(tf.sub(probabilities, 0.5)), confidence - 0.5), 'float32');
}
