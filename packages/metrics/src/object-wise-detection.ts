import { OptionError } from '@interseg/errors';
import { connectedComponents, type Connectivity } from './connected-components.ts';
import { commonGrid, voxelVolume } from './internal/grid.ts';
import { objectOverlaps, sharedVoxels, type ObjectOverlaps } from './internal/object-overlaps.ts';
import type { EmptyOptions, Mask } from './mask.ts';

/** Options of {@link objectWiseDetection}. */
export interface DetectionOptions extends EmptyOptions {
  /** Which neighbours belong to one object. Defaults to all: 8 with two axes, 26 with three. */
  connectivity?: Connectivity;
  /**
   * The part of an object's voxels, in [0, 1], that the other mask must cover for the object to count as met. Defaults
   * to 0: one shared voxel is enough, and always necessary.
   */
  minimumOverlap?: number;
}

/** A connected component of a mask. */
export interface MaskObject {
  /** Its label in `connectedComponents` of its mask, from 1. */
  label: number;
  /** Its size in voxels. */
  voxels: number;
  /** Its size in the cubed (squared, with two axes) unit of the spacing. */
  volume: number;
}

/** An object of the reference, with how well the prediction covers it. */
export interface ReferenceObject extends MaskObject {
  /** Whether the prediction covers enough of it. */
  detected: boolean;
  /** The part of its voxels that the prediction covers, in [0, 1]. */
  sensitivity: number;
  /** Dice of the object and the predicted voxels attributed to it, in [0, 1]; 0 if it is missed entirely. */
  dice: number;
}

/** Detection object by object. */
export interface ObjectWiseDetection {
  /** All objects of the reference, by label. */
  objects: ReferenceObject[];
  /** The objects of the prediction that do not meet the reference, or not enough. */
  falsePositives: MaskObject[];
  /** Number of reference objects that are detected. */
  detected: number;
  /** Number of reference objects that are not. */
  missed: number;
  /** Number of objects of the prediction. */
  predictedObjects: number;
  /** Detected objects / objects of the reference; `NaN` if it has none. */
  sensitivity: number;
  /** True predicted objects / predicted objects; `NaN` if there are none. */
  precision: number;
  /** Harmonic mean of the two; 0 if one mask is empty. */
  f1: number;
}

/**
 * Compares two masks object by object, where an object is a connected component: which objects of the reference are
 * detected, how well, and which predicted objects are false.
 *
 * Each predicted voxel is attributed to at most one object of the reference, so that a blob over two objects does not
 * count twice: inside an object to that object, elsewhere to the object that shares most voxels with its component (in
 * a tie, to the lower label). The voxels of a component that meets no object are attributed to none.
 *
 * Both masks empty: `sensitivity`, `precision` and `f1` are `emptyValue` (`NaN` by default).
 *
 * @throws OptionError if shapes or spacings differ, `data` does not fit `shape`, a voxel is NaN, the number of axes has
 * no such connectivity, or `minimumOverlap` is not in [0, 1].
 */
export function objectWiseDetection(
  prediction: Mask,
  reference: Mask,
  { connectivity, minimumOverlap = 0, emptyValue = NaN }: DetectionOptions = {},
): ObjectWiseDetection {
  if (!(minimumOverlap >= 0 && minimumOverlap <= 1)) {
    throw new OptionError(`minimumOverlap is ${minimumOverlap}, expected a number in [0, 1].`);
  }
  const volume = voxelVolume(commonGrid(prediction, reference));
  const predicted = connectedComponents(prediction, { connectivity });
  const expected = connectedComponents(reference, { connectivity });
  const overlaps = objectOverlaps(predicted, expected);
  const attributed = attributedVoxels(overlaps, predicted.sizes, expected.count);
  const meets = (shared: number, voxels: number) => shared > 0 && shared >= minimumOverlap * voxels;

  const objects = expected.sizes.map((voxels, i): ReferenceObject => {
    const shared = sharedVoxels(overlaps.byReference[i]!);
    return {
      label: i + 1,
      voxels,
      volume: voxels * volume,
      detected: meets(shared, voxels),
      sensitivity: shared / voxels,
      dice: (2 * shared) / (voxels + attributed[i]!),
    };
  });
  const falsePositives = predicted.sizes
    .map((voxels, i): MaskObject => ({ label: i + 1, voxels, volume: voxels * volume }))
    .filter(({ voxels }, i) => !meets(sharedVoxels(overlaps.byPrediction[i]!), voxels));
  const detected = objects.filter((object) => object.detected).length;
  const rates = { found: detected, objects: objects.length, false: falsePositives.length, predicted: predicted.count };
  return {
    objects,
    falsePositives,
    detected,
    missed: objects.length - detected,
    predictedObjects: predicted.count,
    ...detectionRates(rates, emptyValue),
  };
}

/** The number of predicted voxels attributed to each object of the reference. */
function attributedVoxels({ byPrediction }: ObjectOverlaps, predictedSizes: number[], count: number): number[] {
  const attributed = new Array<number>(count).fill(0);
  byPrediction.forEach((overlaps, i) => {
    let most = 0;
    let owner = 0;
    for (const [label, shared] of overlaps) {
      attributed[label - 1]! += shared;
      if (shared > most || (shared === most && label < owner)) {
        most = shared;
        owner = label;
      }
    }
    if (owner > 0) {
      attributed[owner - 1]! += predictedSizes[i]! - sharedVoxels(overlaps);
    }
  });
  return attributed;
}

function detectionRates(
  counts: { found: number; objects: number; false: number; predicted: number },
  emptyValue: number,
): Pick<ObjectWiseDetection, 'sensitivity' | 'precision' | 'f1'> {
  if (counts.objects + counts.predicted === 0) {
    return { sensitivity: emptyValue, precision: emptyValue, f1: emptyValue };
  }
  const sensitivity = counts.found / counts.objects;
  const precision = (counts.predicted - counts.false) / counts.predicted;
  const none = counts.found === 0 || counts.false === counts.predicted;
  return { sensitivity, precision, f1: none ? 0 : (2 * sensitivity * precision) / (sensitivity + precision) };
}
