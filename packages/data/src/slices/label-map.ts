import { DataError } from '../errors.ts';
import type { LabelArray } from '../layouts/case-volume.ts';
import { labelArray } from '../layouts/labels.ts';
import type { ClassDefinition } from '../layouts/dataset.ts';

/**
 * One label for each voxel: among the classes whose probability is at least the threshold the most probable one (the
 * first of equals), written as the first of its label values; 0 where there is none.
 *
 * @param probabilityVolumes one volume for each class, all of one length
 * @param options.threshold 0.5 unless told
 * @throws DataError when there are not as many volumes as classes or their lengths differ
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
    throw new DataError(`Probabilities of ${found} voxels, expected ${classes.length} volumes of one length.`);
  }
  const values = classes.map((definition) => definition.values[0] ?? 0);
  const labels = labelArray(Math.max(0, ...values), length);
  const best = new Float32Array(length);
  probabilityVolumes.forEach((volume, index) => {
    for (let voxel = 0; voxel < length; voxel++) {
      const probability = volume[voxel]!;
      if (probability >= threshold && (labels[voxel] === 0 || probability > best[voxel]!)) {
        best[voxel] = probability;
        labels[voxel] = values[index]!;
      }
    }
  });
  return labels;
}
