import type { PreparedCase, SliceSource } from '@interseg/data';
import { DataError } from '@interseg/errors';
import { bceDiceLoss } from '@interseg/losses';
import type { SegmentationNetwork } from '@interseg/models';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** A class that validation cases contain and that is predicted nowhere in them. */
export interface MissedClass {
  /** Its channel, counted from 0. */
  channel: number;
  /** Its largest probability anywhere, below 0.5. */
  highest: number;
}

/** What validation measures after an epoch. */
export interface ValidationResult {
  /** L_image, mean over all slices of all cases. */
  loss: number;
  /**
   * Mean Dice over the cases' classes: of whole volumes, on the network's grid, thresholded at 0.5. A class that is
   * neither in a case nor predicted there does not count; `undefined` when none counts.
   */
  dice?: number;
  /** Classes that cases contain but whose probability never reaches 0.5. */
  missed: MissedClass[];
}

/** Runs the network that would be shipped over all slices of all validation cases. Leaves no tensor behind. */
export async function validate(
  network: SegmentationNetwork,
  source: SliceSource,
  batchSize: number,
): Promise<ValidationResult> {
  const scores: number[] = [];
  const totals = Array.from({ length: network.options.classes }, () => ({ sizes: 0, highest: 0 }));
  let loss = 0;
  let slices = 0;
  for await (const prepared of source.cases()) {
    const { lossSum, overlap } = await validateCase(network, prepared, batchSize);
    loss += lossSum;
    slices += prepared.slices;
    overlap.forEach(({ intersection, sizes, highest }, channel) => {
      if (sizes > 0) scores.push((2 * intersection) / sizes);
      const total = totals[channel] as { sizes: number; highest: number };
      total.sizes += sizes;
      total.highest = Math.max(total.highest, highest);
    });
  }
  return {
    loss: loss / slices,
    dice: scores.length > 0 ? scores.reduce((a, b) => a + b) / scores.length : undefined,
    // Where nothing is predicted the sizes are those of the references.
    missed: totals.flatMap(({ sizes, highest }, channel) => (sizes > 0 && highest < 0.5 ? [{ channel, highest }] : [])),
  };
}

/** Of one class in one case: voxels in both, those of each added, and the largest probability. */
const emptyOverlap = () => ({ intersection: 0, sizes: 0, highest: 0 });

async function validateCase(network: SegmentationNetwork, prepared: PreparedCase, batchSize: number) {
  const { slices, images, masks, classes, channels, size } = prepared;
  if (!masks) throw new DataError(`The validation case ${prepared.id} has no labels, expected a label map.`);
  const [height, width] = size;
  const pixels = height * width;
  const overlap = Array.from({ length: classes }, emptyOverlap);
  let lossSum = 0;
  for (let from = 0; from < slices; from += batchSize) {
    const count = Math.min(batchSize, slices - from);
    const part = <T extends Float32Array | Uint8Array>(array: T, depth: number): T =>
      array.subarray(from * pixels * depth, (from + count) * pixels * depth) as T;
    const reference = part(masks, classes);
    const outputs = tf.tidy(() => {
      const image = tf.tensor(part(images, channels), [count, height, width, channels]);
      const mask = tf.tensor(Float32Array.from(reference), [count, height, width, classes]);
      const probabilities = network.deploy.apply(image, { training: false }) as Tensor;
      return { probabilities, loss: bceDiceLoss(mask, probabilities) };
    });
    const [probabilities, loss] = await Promise.all([outputs.probabilities.data(), outputs.loss.data()]);
    tf.dispose(outputs);
    lossSum += (loss[0] as number) * count;
    for (let i = 0; i < reference.length; i++) {
      const probability = probabilities[i] as number;
      const predicted = probability >= 0.5 ? 1 : 0;
      const entry = overlap[i % classes] as ReturnType<typeof emptyOverlap>;
      entry.intersection += predicted * (reference[i] as number);
      entry.sizes += predicted + (reference[i] as number);
      if (probability > entry.highest) entry.highest = probability;
    }
  }
  return { lossSum, overlap };
}
