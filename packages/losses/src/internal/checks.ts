import type * as tf from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';

/**
 * @throws OptionError unless both tensors have the same shape: broadcasting would give a wrong loss without an error
 */
export function checkSameShape(firstName: string, first: tf.Tensor, secondName: string, second: tf.Tensor): void {
  const same = first.rank === second.rank && first.shape.every((size, axis) => size === second.shape[axis]);
  if (!same) {
    throw new OptionError(
      `${firstName} [${first.shape.join(', ')}] and ${secondName} [${second.shape.join(', ')}] differ in shape, ` +
        'expected the same shape.',
    );
  }
}

/** @throws OptionError unless the tensor has a sample axis, at least one spatial axis and a channel axis */
export function checkSpatial(name: string, tensor: tf.Tensor): void {
  if (tensor.rank < 3) {
    throw new OptionError(`${name} have the shape [${tensor.shape.join(', ')}], expected [N, H, W, C].`);
  }
}

/** @throws OptionError unless the number is finite and at least 0 */
export function checkWeight(name: string, value: number): void {
  if (!Number.isFinite(value) || value < 0) {
    throw new OptionError(`${name} is ${value}, expected a finite number of at least 0.`);
  }
}

/** @throws OptionError unless the number is finite and above 0 */
export function checkPositive(name: string, value: number): void {
  if (!Number.isFinite(value) || value <= 0) {
    throw new OptionError(`${name} is ${value}, expected a finite number above 0.`);
  }
}
