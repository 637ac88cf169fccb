import type * as tf from '@tensorflow/tfjs-core';
import { binaryCrossEntropy, type PredictionOptions } from './binary-cross-entropy.ts';
import { checkSameShape } from './internal/checks.ts';

/**
 * Reconstruction loss of the tied-weight decoder, L_t = BCE(x̃, x): equation 5 of Yuan et al., arXiv 2012.03673. The
 * image is a soft target; the mean over all elements, in nats.
 *
 * Unless the image is black and white, the smallest possible value is not 0 but the mean binary entropy of its
 * intensities (0.693 for a uniform grey of ½). With intensities outside [0, 1] the loss has no lower bound; their range
 * is not checked, as that would read the tensor back from the engine in every step.
 *
 * @param image x scaled to [0, 1], `[N, H, W, C]`. A constant: no gradient flows in.
 * @param reconstruction x̃, in [0, 1] or as logits, of the same shape.
 * @returns A scalar.
 * @throws OptionError if the shapes differ.
 */
export function reconstructionLoss(
  image: tf.Tensor,
  reconstruction: tf.Tensor,
  options: PredictionOptions = {},
): tf.Scalar {
  checkSameShape('image', image, 'reconstruction', reconstruction);
  return binaryCrossEntropy(image, reconstruction, options);
}
