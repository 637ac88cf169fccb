import { OptionError } from '@interseg/errors';
import type { LabelArray } from '../../cases/case-volume.ts';
import { labelArray } from '../../cases/labels.ts';
import type { ClassDefinition } from '../../dataset.ts';

/**
 * Converts probabilities to a label map: each voxel gets the label value whose classes are most probable.
 *
 * If no two classes share a label value, a voxel gets the first label value of the most probable class (the first of
 * several equal ones), or 0 if no probability reaches the threshold. If classes overlap, such as a whole tumour and its
 * core, each label value stands for the set of classes that contain it. A voxel gets the value whose set has the largest
 * sum of log odds, relative to those of the threshold, or 0 if all sums are negative. So a voxel that is probably in the
 * whole tumour and in the core, but not in the innermost region, gets the value that belongs to the first two alone.
 *
 * @param probabilityVolumes one volume per class, all of the same length, with values from 0 to 1
 * @param options.threshold the smallest probability that counts, for all classes or for each of them. Defaults to 0.5.
 * @returns the label values, in the smallest of three integer types that holds them
 * @throws OptionError if the number of volumes or of thresholds is not that of the classes, or their lengths differ
 */
export function labelMap(
  probabilityVolumes: readonly Float32Array[],
  classes: readonly ClassDefinition[],
  options: { threshold?: number | readonly number[] } = {},
): LabelArray {
  const { threshold = 0.5 } = options;
  const thresholds = typeof threshold === 'number' ? classes.map(() => threshold) : threshold;
  const length = probabilityVolumes[0]?.length ?? 0;
  if (probabilityVolumes.length !== classes.length || probabilityVolumes.some((volume) => volume.length !== length)) {
    const found = probabilityVolumes.map((volume) => volume.length).join(', ');
    throw new OptionError(
      `Found probabilities of ${found} voxels, expected ${classes.length} volumes of the same length.`,
    );
  }
  if (thresholds.length !== classes.length) {
    throw new OptionError(`Found ${thresholds.length} thresholds, expected one for each of ${classes.length} classes.`);
  }
  const values = classes.flatMap((definition) => definition.values);
  const labels = labelArray(Math.max(0, ...values), length);
  if (new Set(values).size < values.length) fillOverlapping(labels, probabilityVolumes, classes, thresholds);
  else fillSeparate(labels, probabilityVolumes, classes, thresholds);
  return labels;
}

/** For classes that exclude each other. */
function fillSeparate(
  labels: LabelArray,
  volumes: readonly Float32Array[],
  classes: readonly ClassDefinition[],
  thresholds: readonly number[],
): void {
  const best = new Float32Array(labels.length);
  volumes.forEach((volume, index) => {
    const value = classes[index]!.values[0] ?? 0;
    const threshold = thresholds[index]!;
    for (let voxel = 0; voxel < labels.length; voxel++) {
      const probability = volume[voxel]!;
      if (probability >= threshold && (labels[voxel] === 0 || probability > best[voxel]!)) {
        best[voxel] = probability;
        labels[voxel] = value;
      }
    }
  });
}

/** For classes that overlap. */
function fillOverlapping(
  labels: LabelArray,
  volumes: readonly Float32Array[],
  classes: readonly ClassDefinition[],
  thresholds: readonly number[],
): void {
  const sets = labelSets(classes);
  const offsets = thresholds.map(logOdds);
  const odds = new Float64Array(classes.length);
  for (let voxel = 0; voxel < labels.length; voxel++) {
    let isAnywhere = false;
    for (let index = 0; index < volumes.length; index++) {
      // Most voxels are in no class, and logarithms are slow: skip them.
      if (volumes[index]![voxel]! >= thresholds[index]!) isAnywhere = true;
    }
    if (!isAnywhere) continue;
    for (let index = 0; index < volumes.length; index++) {
      odds[index] = logOdds(volumes[index]![voxel]!) - offsets[index]!;
    }
    let best = 0;
    for (const { value, members } of sets) {
      let sum = 0;
      for (const index of members) sum += odds[index]!;
      if (sum > best || (sum === best && labels[voxel] === 0)) {
        best = sum;
        labels[voxel] = value;
      }
    }
  }
}

/** The sets of classes that label values stand for, each with its first value, in the order of the classes. */
function labelSets(classes: readonly ClassDefinition[]): { value: number; members: readonly number[] }[] {
  const sets = new Map<string, { value: number; members: readonly number[] }>();
  for (const value of new Set(classes.flatMap(({ values }) => values))) {
    const members = classes.flatMap(({ values }, index) => (values.includes(value) ? [index] : []));
    if (!sets.has(members.join())) sets.set(members.join(), { value, members });
  }
  return [...sets.values()];
}

/** The log odds of a probability, which are finite for 0 and 1, too. */
function logOdds(probability: number): number {
  const inside = Math.min(1 - 1e-12, Math.max(1e-12, probability));
  return Math.log(inside / (1 - inside));
}
