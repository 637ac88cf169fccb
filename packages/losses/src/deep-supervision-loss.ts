import * as tf from '@tensorflow/tfjs-core';
import { OptionError } from '@interseg/errors';
import { checkSpatial } from './internal/checks.ts';
import { weightedSum } from './internal/weighted-sum.ts';
import { segmentationTerm, type SegmentationTermOptions } from './segmentation-term.ts';

/**
 * Deep supervision: L_image of segmentations at lower resolutions, each against the mask at its resolution, as a mean
 * in which a segmentation that is f times as coarse has the weight 1/f.
 *
 * The weights are those of nnU-Net (Isensee et al., arXiv 1809.10486), which halve from level to level, as they do in
 * MONAI's `DeepSupervisionLoss`. Both of them take the nearest voxel of the mask; here, each coarse voxel has the mean
 * of the mask over its f×f voxels. The nearest voxel misses an object smaller than f or takes it for a whole coarse
 * voxel, depending on where it lies, so that a level would learn to overlook the objects that it is to find. A mean
 * keeps every object, with its area.
 *
 * @param labels m at the full resolution, `[N, H, W, K]`, in [0, 1]. A constant: no gradient flows in.
 * @param predictions Segmentations, `[N, H/f, W/f, K]` each with an f of its own of at least 2: probabilities, or logits
 * with `fromLogits`.
 * @param options How L_image is computed.
 * @returns A scalar.
 * @throws OptionError if there is no segmentation, if the resolution of one is not a whole fraction of the mask's, or as
 * `segmentationTerm` does.
 */
export function deepSupervisionLoss(
  labels: tf.Tensor,
  predictions: readonly tf.Tensor[],
  options: SegmentationTermOptions = {},
): tf.Scalar {
  if (predictions.length === 0) {
    throw new OptionError('There is no segmentation at a lower resolution, expected at least one.');
  }
  const { full, levels } = deepSupervisionWeights(labels, predictions);
  return tf.tidy(() => {
    const masks = tf.cast(labels, 'float32') as tf.Tensor4D;
    const losses = predictions.map((one) => {
      const factor = coarseness(masks, one);
      return segmentationTerm({ labels: tf.avgPool(masks, factor, factor, 'valid'), predictions: one }, options);
    });
    return weightedSum(
      losses,
      levels.map((weight) => weight / (1 - full)),
    );
  });
}

/** The weights of the full resolution and of each lower one, 1 and 1/f, over their sum. */
export function deepSupervisionWeights(
  labels: tf.Tensor,
  predictions: readonly tf.Tensor[],
): { full: number; levels: number[] } {
  const weights = predictions.map((one) => 1 / coarseness(labels, one));
  const sum = weights.reduce((a, b) => a + b, 1);
  return { full: 1 / sum, levels: weights.map((weight) => weight / sum) };
}

/** How many voxels of the mask, along each axis, a voxel of the segmentation stands for. */
function coarseness(labels: tf.Tensor, prediction: tf.Tensor): number {
  checkSpatial('labels', labels);
  const [height, width] = labels.shape.slice(1) as [number, number];
  const [ownHeight, ownWidth] = prediction.shape.slice(1) as [number, number];
  const factor = height / ownHeight;
  if (!Number.isInteger(factor) || factor < 2 || width / ownWidth !== factor) {
    throw new OptionError(
      `Deep supervision: found a segmentation of ${ownHeight}×${ownWidth} for a mask of ${height}×${width}, ` +
        'expected one of a half, a third, … of its height and width.',
    );
  }
  return factor;
}
