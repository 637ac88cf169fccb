import { connectedComponents, type Components, type Mask } from '@interseg/metrics';

/** A predicted object that touches the reference. */
export interface TouchingObject {
  /** Its size in voxels. */
  readonly voxels: number;
  /** How many of them the reference has, too. */
  readonly shared: number;
  /** Which objects of the reference it touches, by their labels. */
  readonly touched: readonly number[];
}

/** The predicted objects of a class in one case, with one threshold. */
export interface ThresholdObjects {
  readonly touching: readonly TouchingObject[];
  /** How many false objects there are of each size in voxels: noise can make millions of them. */
  readonly falseObjects: ReadonlyMap<number, number>;
  /** The size of the largest object, and which one of those that touch it is: -1 for a false one or none. */
  readonly largest: { readonly voxels: number; readonly touching: number };
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
    thresholds: thresholds.map((threshold) => {
      const data = new Uint8Array(probabilities.length);
      for (let voxel = 0; voxel < data.length; voxel++) data[voxel] = probabilities[voxel]! >= threshold ? 1 : 0;
      return listObjects(connectedComponents({ data, shape }), expected.labels);
    }),
  };
}

function listObjects(found: Components, expected: Int32Array): ThresholdObjects {
  const shared = new Map<number, { voxels: number; touched: Set<number> }>();
  for (let voxel = 0; voxel < expected.length; voxel++) {
    const [object, label] = [found.labels[voxel]!, expected[voxel]!];
    if (object === 0 || label === 0) continue;
    const overlap = shared.get(object) ?? { voxels: 0, touched: new Set() };
    overlap.voxels++;
    overlap.touched.add(label);
    shared.set(object, overlap);
  }
  const touching: TouchingObject[] = [];
  const falseObjects = new Map<number, number>();
  let largest = { voxels: 0, touching: -1 };
  found.sizes.forEach((voxels, index) => {
    const overlap = shared.get(index + 1);
    if (voxels > largest.voxels) largest = { voxels, touching: overlap ? touching.length : -1 };
    if (overlap) touching.push({ voxels, shared: overlap.voxels, touched: [...overlap.touched] });
    else falseObjects.set(voxels, (falseObjects.get(voxels) ?? 0) + 1);
  });
  return { touching, falseObjects, largest };
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
  const { touching, falseObjects: falseSizes, largest } = thresholds[threshold]!;
  const isKept = (voxels: number): boolean => voxels * voxelVolume >= smallestObject;
  const found = new Set<number>();
  let [predicted, common, falseObjects] = [0, 0, 0];
  touching.forEach(({ voxels, shared, touched }, index) => {
    if (!isKept(voxels) || (largestComponent && index !== largest.touching)) return;
    predicted += voxels;
    common += shared;
    for (const label of touched) found.add(label);
  });
  if (!largestComponent) {
    for (const [voxels, count] of falseSizes) {
      if (!isKept(voxels)) continue;
      predicted += voxels * count;
      falseObjects += count;
    }
  } else if (largest.voxels > 0 && largest.touching === -1 && isKept(largest.voxels)) {
    predicted += largest.voxels;
    falseObjects = 1;
  }
  const total = predicted + referenceVoxels;
  return {
    dice: total === 0 ? 1 : (2 * common) / total,
    falseObjects,
    missedObjects: referenceObjects - found.size,
  };
}
