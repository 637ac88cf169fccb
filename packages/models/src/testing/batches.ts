import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { SegmentationNetwork } from '../network/network.ts';

/**
 * Two images whose bright square is the mask of every class; where classes exclude each other, its columns are of one class
 * each in turn.
 */
export function batchFor(network: SegmentationNetwork): { image: Tensor; mask: Tensor } {
  const { inputShape, classes, outputActivation } = network.options;
  const [height, width, channels] = inputShape;
  const image = tf.buffer([2, height, width, channels]);
  const mask = tf.buffer([2, height, width, classes]);
  for (let n = 0; n < 2; n++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const inside = y >= 2 + n && y < 6 && x >= 1 && x < 5 + n;
        for (let c = 0; c < channels; c++) {
          image.set((inside ? 0.7 : 0.2) + 0.1 * Math.sin(7 * y + 3 * x + c), n, y, x, c);
        }
        for (let k = 0; k < classes; k++) {
          const isOwn = outputActivation === 'sigmoid' || x % classes === k;
          mask.set(inside && isOwn ? 1 : 0, n, y, x, k);
        }
      }
    }
  }
  return { image: image.toTensor(), mask: mask.toTensor() };
}

/** The largest absolute difference. */
export function difference(a: Tensor, b: Tensor): number {
  return tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!);
}
