import { OptionError } from '@interseg/errors';
import { connectedComponents } from '@interseg/metrics';

/** What makes a mask of the probabilities of one class. */
export interface ClassPostProcessing {
  /** The smallest probability that counts, above 0 and below 1. */
  readonly threshold: number;
  /** The smallest volume of an object in mm³: smaller connected components are dropped. 0 keeps all. */
  readonly smallestObject: number;
  /** Whether only the largest connected component is kept. */
  readonly largestComponent: boolean;
}

/** A threshold of 0.5, and every object is kept. */
export const plainPostProcessing: ClassPostProcessing = { threshold: 0.5, smallestObject: 0, largestComponent: false };

/** Where the voxels of a volume lie. */
interface Grid {
  /** First axis fastest. */
  readonly shape: readonly number[];
  /** In millimetres. */
  readonly spacing: readonly number[];
}

/**
 * Drops objects (voxels that touch by a face, an edge or a corner, and reach the threshold of their class) that are too
 * small or not the largest: their probability becomes 0. The first of several that are equally large stays.
 *
 * @param probabilities one volume for each class, first axis fastest, changed in place
 * @param settings one for each class, in the same order
 */
export function dropObjects(
  probabilities: readonly Float32Array[],
  { shape, spacing }: Grid,
  settings: readonly ClassPostProcessing[],
): void {
  const voxelVolume = spacing.reduce((product, length) => product * length, 1);
  probabilities.forEach((volume, index) => {
    const { threshold, smallestObject, largestComponent } = settings[index]!;
    if (smallestObject === 0 && !largestComponent) return;
    const data = new Uint8Array(volume.length);
    for (let voxel = 0; voxel < volume.length; voxel++) data[voxel] = volume[voxel]! >= threshold ? 1 : 0;
    const { labels, sizes } = connectedComponents({ data, shape: [...shape].reverse() });
    const largest = 1 + sizes.reduce((best, size, at) => (size > sizes[best]! ? at : best), 0);
    for (let voxel = 0; voxel < volume.length; voxel++) {
      const label = labels[voxel]!;
      if (label === 0) continue;
      const isTooSmall = sizes[label - 1]! * voxelVolume < smallestObject;
      if (isTooSmall || (largestComponent && label !== largest)) volume[voxel] = 0;
    }
  });
}

/** @throws OptionError when a setting is out of range, or there are not as many as classes */
export function checkPostProcessing(settings: readonly ClassPostProcessing[], classes: number): void {
  if (settings.length !== classes) {
    throw new OptionError(
      `postProcessing has ${settings.length} entries, expected one for each of ${classes} classes.`,
    );
  }
  for (const { threshold, smallestObject } of settings) {
    if (!(threshold > 0 && threshold < 1)) {
      throw new OptionError(`threshold is ${threshold}, expected a number above 0 and below 1.`);
    }
    if (!(smallestObject >= 0 && smallestObject < Infinity)) {
      throw new OptionError(`smallestObject is ${smallestObject}, expected a volume in mm³ of at least 0.`);
    }
  }
}

/**
 * The post-processing of models whose probabilities are averaged: of each class the mean threshold, the lowest smallest
 * object, and the largest component alone if all models keep that alone. A model without any counts as a plain one.
 *
 * @returns `undefined` if no model has any
 */
export function combinePostProcessing(
  models: readonly (readonly ClassPostProcessing[] | undefined)[],
): ClassPostProcessing[] | undefined {
  const given = models.find((settings) => settings !== undefined);
  return given?.map((_, index) => {
    const ofClass = models.map((settings) => settings?.[index] ?? plainPostProcessing);
    return {
      threshold: ofClass.reduce((sum, { threshold }) => sum + threshold, 0) / ofClass.length,
      smallestObject: Math.min(...ofClass.map(({ smallestObject }) => smallestObject)),
      largestComponent: ofClass.every(({ largestComponent }) => largestComponent),
    };
  });
}
