import { OptionError } from '@interseg/errors';
import type { Mask } from './mask.ts';
import {
  objectWiseDetection,
  type DetectionOptions,
  type MaskObject,
  type ReferenceObject,
} from './object-wise-detection.ts';

/** How to sort objects by size. */
export interface StrataOptions {
  /**
   * Sizes at which a new stratum begins, ascending and above 0: k boundaries make k + 1 strata. An object whose size is
   * a boundary belongs to the stratum above it. Defaults to `[100, 1000]`.
   */
  boundaries?: readonly number[];
  /**
   * The measure of size: `'volume'`, in the cubed (with two axes, squared) unit of the spacing, usually mm³, which
   * makes images of different resolution comparable; or `'voxels'`. Defaults to `'volume'`.
   */
  unit?: 'volume' | 'voxels';
}

/** The objects of one range of sizes. Means are over objects, each with the same weight; `NaN` where there are none. */
export interface Stratum {
  /** The range in words, as `< 100`, `100 to 1000` or `≥ 1000`. */
  name: string;
  /** Smallest size of the stratum; 0 for the first. */
  lower: number;
  /** Size at which the next stratum begins; infinite for the last. */
  upper: number;
  /** Number of reference objects of this size. */
  objects: number;
  /** How many of them are detected. */
  detected: number;
  /** Detected objects / objects. */
  detectionRate: number;
  /** Mean Dice of the objects; 0 for a missed one. */
  dice: number;
  /** Mean part of an object's voxels that the prediction covers. */
  sensitivity: number;
  /** Number of false predicted objects of this size. */
  falsePositives: number;
}

/**
 * Computes Dice, sensitivity and detection by the size of the reference's objects, which a Dice over the whole mask
 * hides: large objects dominate it.
 *
 * See `objectWiseDetection` for what an object is and which predicted voxels are attributed to it.
 *
 * @returns The strata from small to large.
 * @throws OptionError if the boundaries are not ascending numbers above 0, and as `objectWiseDetection` does.
 */
export function smallObjectStrata(
  prediction: Mask,
  reference: Mask,
  options: DetectionOptions & StrataOptions = {},
): Stratum[] {
  return stratifyObjects([objectWiseDetection(prediction, reference, options)], options);
}

/**
 * Computes the strata of the objects of several cases together.
 *
 * @param cases Results of `objectWiseDetection`, one for each case.
 * @returns The strata from small to large.
 * @throws OptionError if the boundaries are not ascending numbers above 0.
 */
export function stratifyObjects(
  cases: readonly { objects: readonly ReferenceObject[]; falsePositives: readonly MaskObject[] }[],
  { boundaries = [100, 1000], unit = 'volume' }: StrataOptions = {},
): Stratum[] {
  const limits = [0, ...boundaries, Infinity];
  if (!limits.every((limit, i) => i === 0 || limit > limits[i - 1]!)) {
    throw new OptionError(`boundaries are [${boundaries.join(', ')}], expected ascending numbers above 0.`);
  }
  const objects = cases.flatMap((one) => one.objects);
  const falsePositives = cases.flatMap((one) => one.falsePositives);
  return limits.slice(1).map((upper, i) => {
    const lower = limits[i]!;
    const within = (object: MaskObject) => object[unit] >= lower && object[unit] < upper;
    return {
      name: stratumName(lower, upper),
      lower,
      upper,
      ...summary(objects.filter(within)),
      falsePositives: falsePositives.filter(within).length,
    };
  });
}

function summary(
  objects: ReferenceObject[],
): Pick<Stratum, 'objects' | 'detected' | 'detectionRate' | 'dice' | 'sensitivity'> {
  const mean = (value: (object: ReferenceObject) => number) =>
    objects.reduce((sum, object) => sum + value(object), 0) / objects.length;
  return {
    objects: objects.length,
    detected: objects.filter((object) => object.detected).length,
    detectionRate: mean((object) => (object.detected ? 1 : 0)),
    dice: mean((object) => object.dice),
    sensitivity: mean((object) => object.sensitivity),
  };
}

function stratumName(lower: number, upper: number): string {
  if (lower === 0) {
    return upper === Infinity ? 'all' : `< ${upper}`;
  }
  return upper === Infinity ? `≥ ${lower}` : `${lower} to ${upper}`;
}
