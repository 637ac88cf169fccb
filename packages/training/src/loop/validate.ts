import { DataError, OptionError } from '@interseg/errors';
import { inferInParts, type SliceNetwork } from '@interseg/inference';
import type { SegmentationNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ValidationCase, ValidationSlices } from './slices.ts';
import type { LossOptions } from './train-step.ts';

/** A class that validation cases contain but that is never predicted in them. */
export interface MissedClass {
  /** Its channel, counted from 0. */
  channel: number;
  /** Its highest probability in any voxel, below 0.5. */
  highest: number;
}

/** What validation measures after an epoch. */
export interface ValidationResult {
  /**
   * L_image as the network is trained on it, the mean over all slices of all cases, which are whole slices also where the
   * network is trained on patches. Slices are taken in batches of one case, the last of which may be smaller, and each
   * batch counts by its slices. For a loss that is a mean over samples, as BCE-Dice is, batches make no difference; with
   * `diceOver: 'batch'` the Dice is that of such a batch.
   */
  loss: number;
  /**
   * Mean Dice over cases and classes, of whole volumes on the network's grid, thresholded at 0.5, or with a softmax of the
   * most probable of background and classes. A class that is neither in a case nor predicted there does not count;
   * `undefined` if none counts.
   */
  dice?: number;
  /** Classes that cases contain but that are nowhere predicted. */
  missed: MissedClass[];
}

/** The part that tiles have in common where slices are larger than the network: half of prediction's, to save time. */
const tileOverlap = 0.25;

/**
 * Runs the deployed network over all slices of all validation cases; those that are larger than the network are covered
 * with tiles that overlap by a quarter. Leaves no tensor behind.
 *
 * @param loss what decides L_image, as for `network.loss`; its weights do not count
 * @param deployed what segments the slices, with the weights of `network.deploy`
 * @throws DataError when a case has no masks; OptionError when there are no slices
 */
export async function validate(
  network: SegmentationNetwork,
  source: ValidationSlices,
  batchSize: number,
  loss: LossOptions = {},
  deployed: LayersModel | SliceNetwork = network.deploy,
): Promise<ValidationResult> {
  const scores: number[] = [];
  const totals = Array.from({ length: network.options.classes }, emptyOverlap);
  let lossSum = 0;
  let slices = 0;
  for await (const one of source.cases()) {
    const { lossSum: lossOfCase, overlap } = await validateCase(network, one, { batchSize, loss, deployed });
    lossSum += lossOfCase;
    slices += one.slices;
    overlap.forEach(({ intersection, predicted, sizes, highest }, channel) => {
      if (sizes > 0) scores.push((2 * intersection) / sizes);
      const total = totals[channel]!;
      total.predicted += predicted;
      total.sizes += sizes;
      total.highest = Math.max(total.highest, highest);
    });
  }
  if (slices === 0) throw new OptionError('There are no validation slices, expected at least one.');
  return {
    loss: lossSum / slices,
    dice: scores.length > 0 ? scores.reduce((a, b) => a + b) / scores.length : undefined,
    // Where nothing is predicted the sizes are those of the references.
    missed: totals.flatMap(({ sizes, predicted, highest }, channel) =>
      sizes > 0 && predicted === 0 ? [{ channel, highest }] : [],
    ),
  };
}

/** Of one class in one case: voxels in both masks, predicted ones, the sum of the voxels of each, the highest probability. */
const emptyOverlap = () => ({ intersection: 0, predicted: 0, sizes: 0, highest: 0 });

async function validateCase(
  network: SegmentationNetwork,
  { id, slices, size, images, inputSlices = (slice) => [slice], masks }: ValidationCase,
  {
    batchSize,
    loss: lossOptions,
    deployed,
  }: { batchSize: number; loss: LossOptions; deployed: LayersModel | SliceNetwork },
) {
  if (!masks) throw new DataError(`The validation case ${id} has no labels, expected a label map.`);
  const { classes, outputActivation, inputShape } = network.options;
  const [height, width, depth] = inputShape;
  const [rows, columns] = size ?? [height, width];
  const channels = depth / inputSlices(0).length;
  const stack = { slices, size: [rows, columns] as const, channels, images, inputSlices };
  const options = { batchSize, flips: false, overlap: tileOverlap };
  const overlap = Array.from({ length: classes }, emptyOverlap);
  let lossSum = 0;
  for await (const part of inferInParts(deployed, stack, [height, width], classes, options)) {
    const { from, count, probabilities } = part;
    const perSlice = rows * columns * classes;
    const reference = masks.subarray(from * perSlice, (from + count) * perSlice);
    const term = tf.tidy(() => {
      const shape: [number, number, number, number] = [count, rows, columns, classes];
      const labels = tf.tensor(Float32Array.from(reference), shape);
      return network.imageLoss(labels, tf.tensor(probabilities, shape), lossOptions);
    });
    const loss = await term.data();
    term.dispose();
    lossSum += loss[0]! * count;
    const mask = outputActivation === 'softmax' ? mostProbable(probabilities, classes) : undefined;
    for (let i = 0; i < reference.length; i++) {
      const probability = probabilities[i]!;
      const predicted = mask ? mask[i]! : probability >= 0.5 ? 1 : 0;
      const entry = overlap[i % classes]!;
      entry.intersection += predicted * reference[i]!;
      entry.predicted += predicted;
      entry.sizes += predicted + reference[i]!;
      if (probability > entry.highest) entry.highest = probability;
    }
  }
  return { lossSum, overlap };
}

/** 1 where a class is more probable than the others and no less than the background, which has what is missing to 1. */
function mostProbable(probabilities: ArrayLike<number>, classes: number): Uint8Array {
  const mask = new Uint8Array(probabilities.length);
  for (let from = 0; from < mask.length; from += classes) {
    let [best, sum] = [from, 0];
    for (let i = from; i < from + classes; i++) {
      sum += probabilities[i]!;
      if (probabilities[i]! > probabilities[best]!) best = i;
    }
    if (probabilities[best]! >= 1 - sum) mask[best] = 1;
  }
  return mask;
}
