import { OptionError } from '@interseg/errors';
import type { LabelArray } from '../../cases/case-volume.ts';
import { labelArray } from '../../cases/labels.ts';
import type { ClassDefinition } from '../../layouts/dataset.ts';

/**
 * One label for each voxel: the label value whose classes are the most probable ones.
 *
 * Where no two classes share a value this is, among the classes whose probability is at least the threshold, the most
 * probable one (the first of equals), written as the first of its label values; 0 where there is none. Where classes
 * overlap, as the whole of a tumour and its core do, each label value stands for a set of classes: those that it is in.
 * Taken is the value for whose set the probabilities speak most, counting the logarithm of the odds of every class in it
 * (against those of the threshold), and 0 when that sum is below 0 for all. So a voxel that is probably in the whole and
 * in the core but not in the innermost region gets the value that is in these two alone.
 *
 * @param probabilityVolumes one volume for each class, all of one length
 * @param options.threshold 0.5 unless told
 * @throws OptionError when there are not as many volumes as classes or their lengths differ
 */
export function labelMap(
  probabilityVolumes: readonly Float32Array[],
  classes: readonly ClassDefinition[],
  options: { threshold?: number } = {},
): LabelArray {
  const { threshold = 0.5 } = options;
  const length = probabilityVolumes[0]?.length ?? 0;
  if (probabilityVolumes.length !== classes.length || probabilityVolumes.some((volume) => volume.length !== length)) {
    const found = probabilityVolumes.map((volume) => volume.length).join(', ');
    throw new OptionError(`Probabilities of ${found} voxels, expected ${classes.length} volumes of one length.`);
  }
  const values = classes.flatMap((definition) => definition.values);
  const labels = labelArray(Math.max(0, ...values), length);
  if (new Set(values).size < values.length) fillOverlapping(labels, probabilityVolumes, classes, threshold);
  else fillSeparate(labels, probabilityVolumes, classes, threshold);
  return labels;
}

/** Classes of which a voxel can have only one. */
function fillSeparate(
  labels: LabelArray,
  volumes: readonly Float32Array[],
  classes: readonly ClassDefinition[],
  threshold: number,
): void {
  const best = new Float32Array(labels.length);
  volumes.forEach((volume, index) => {
    const value = classes[index]!.values[0] ?? 0;
    for (let voxel = 0; voxel < labels.length; voxel++) {
      const probability = volume[voxel]!;
      if (probability >= threshold && (labels[voxel] === 0 || probability > best[voxel]!)) {
        best[voxel] = probability;
        labels[voxel] = value;
      }
    }
  });
}

/** Classes that share label values: a voxel can be in several. */
function fillOverlapping(
  labels: LabelArray,
  volumes: readonly Float32Array[],
  classes: readonly ClassDefinition[],
  threshold: number,
): void {
  const sets = labelSets(classes);
  const offset = logOdds(threshold);
  const odds = new Float64Array(classes.length);
  for (let voxel = 0; voxel < labels.length; voxel++) {
    let isAnywhere = false;
    for (let index = 0; index < volumes.length; index++) {
      // Most voxels are in no class, and logarithms are slow.
      if (volumes[index]![voxel]! >= threshold) isAnywhere = true;
    }
    if (!isAnywhere) continue;
    for (let index = 0; index < volumes.length; index++) odds[index] = logOdds(volumes[index]![voxel]!) - offset;
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

/** Each set of classes that a label value can stand for, once, with the first such value; in the order of the classes. */
function labelSets(classes: readonly ClassDefinition[]): { value: number; members: readonly number[] }[] {
  const sets = new Map<string, { value: number; members: readonly number[] }>();
  for (const value of new Set(classes.flatMap(({ values }) => values))) {
    const members = classes.flatMap(({ values }, index) => (values.includes(value) ? [index] : []));
    if (!sets.has(members.join())) sets.set(members.join(), { value, members });
  }
  return [...sets.values()];
}

/** The logarithm of the odds of a probability, finite for 0 and 1 too. */
function logOdds(probability: number): number {
  const inside = Math.min(1 - 1e-12, Math.max(1e-12, probability));
  return Math.log(inside / (1 - inside));
}
