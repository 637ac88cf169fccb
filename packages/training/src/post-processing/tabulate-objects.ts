import { connectedComponents, type Mask } from '@interseg/metrics';

/** The predicted objects of a class in one case, with one threshold. Each list has an entry for each object. */
export interface ThresholdObjects {
  /** Sizes in voxels. */
  readonly voxels: readonly number[];
  /** How many of these voxels the reference has, too. */
  readonly shared: readonly number[];
  /** Which objects of the reference it touches, by their labels. */
  readonly touched: readonly (readonly number[])[];
}

/** A class in one case: all that post-processing can make of its probabilities, without the voxels. */
export interface CaseObjects {
  /** In mm³. */
  readonly voxelVolume: number;
  readonly referenceVoxels: number;
  readonly referenceObjects: number;
  /** One entry for each threshold. */
  readonly thresholds: readonly ThresholdObjects[];
}

/**
 * Lists the objects that each threshold finds, so that any smallest object and the largest component can be judged without
 * the volume.
 *
 * @param probabilities as long as the mask
 * @param reference with the spacing in millimetres
 */
export function tabulateObjects(
  probabilities: Float32Array,
  reference: Mask,
  thresholds: readonly number[],
): CaseObjects {
  const { shape, spacing = [] } = reference;
  const expected = connectedComponents(reference);
  return {
    voxelVolume: spacing.reduce((product, length) => product * length, 1),
    referenceVoxels: expected.sizes.reduce((sum, size) => sum + size, 0),
    referenceObjects: expected.count,
    thresholds: thresholds.map((threshold): ThresholdObjects => {
      const data = Uint8Array.from(probabilities, (value) => (value >= threshold ? 1 : 0));
      const found = connectedComponents({ data, shape });
      const shared = new Array<number>(found.count).fill(0);
      const touched = Array.from({ length: found.count }, () => new Set<number>());
      for (let voxel = 0; voxel < data.length; voxel++) {
        const [object, label] = [found.labels[voxel]!, expected.labels[voxel]!];
        if (object === 0 || label === 0) continue;
        shared[object - 1]!++;
        touched[object - 1]!.add(label);
      }
      return { voxels: found.sizes, shared, touched: touched.map((labels) => [...labels]) };
    }),
  };
}

/** How well a class is segmented in one case. */
export interface CaseScore {
  /** 1 where neither the prediction nor the reference has the class. */
  dice: number;
  /** Predicted objects that touch none of the reference. */
  falseObjects: number;
  /** Objects of the reference that no predicted one touches. */
  missedObjects: number;
}

/**
 * The score of the objects of one threshold that are kept.
 *
 * @param threshold its index
 * @param smallestObject in mm³
 */
export function scoreObjects(
  { voxelVolume, referenceVoxels, referenceObjects, thresholds }: CaseObjects,
  threshold: number,
  smallestObject: number,
  largestComponent: boolean,
): CaseScore {
  const { voxels, shared, touched } = thresholds[threshold]!;
  const largest = voxels.reduce((best, size, at) => (size > voxels[best]! ? at : best), 0);
  const found = new Set<number>();
  let [predicted, common, falseObjects] = [0, 0, 0];
  voxels.forEach((size, at) => {
    if (size * voxelVolume < smallestObject || (largestComponent && at !== largest)) return;
    predicted += size;
    common += shared[at]!;
    for (const label of touched[at]!) found.add(label);
    if (touched[at]!.length === 0) falseObjects++;
  });
  const total = predicted + referenceVoxels;
  return {
    dice: total === 0 ? 1 : (2 * common) / total,
    falseObjects,
    missedObjects: referenceObjects - found.size,
  };
}
