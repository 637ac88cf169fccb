import type { ObjectWiseDetection, SegmentationMetrics, Stratum } from '@interseg/metrics';

/** The metrics in `metrics.json`. */
export type MetricName = 'dice' | 'jaccard' | 'sensitivity' | 'precision' | 'hd95' | 'assd';

const names: readonly MetricName[] = ['dice', 'jaccard', 'sensitivity', 'precision', 'hd95', 'assd'];

/**
 * The metrics of a class in one case, or their means. JSON has neither NaN nor infinity, so `null` stands for a value
 * that does not exist: both masks are empty, or a distance to an empty mask. Distances are in millimetres.
 */
export type ClassMetrics = Record<MetricName, number | null>;

/** How often a mask was empty; the means leave out such cases or count them as 0. */
export interface EmptyCounts {
  /** Cases where neither prediction nor reference has the class: in no mean. */
  both: number;
  /** Cases where only the reference has it: Dice 0, no distance. */
  prediction: number;
  /** Cases where only the prediction has it: Dice 0, no distance. */
  reference: number;
}

/** The reference objects in one range of sizes, over all cases and classes. */
export interface StratumResult {
  /** The range in words. */
  name: string;
  /** In mm³, inclusive. */
  lower: number;
  /** In mm³, exclusive; `null` for no limit. */
  upper: number | null;
  objects: number;
  /** Objects of which at least one voxel is predicted. */
  detected: number;
  /** The mean over the objects; `null` if there are none. */
  dice: number | null;
  sensitivity: number | null;
  /** Predicted objects of this size that overlap with no reference object. */
  falsePositives: number;
}

/** Objects (connected components, in which voxels touch by a face, an edge or a corner), counted. */
export interface ObjectCounts {
  /** Objects of the reference. */
  reference: number;
  /** Those of them of which at least one voxel is predicted. */
  found: number;
  /** Those of them of which none is. */
  missed: number;
  /** Objects of the prediction. */
  predicted: number;
  /** Those of them that touch no object of the reference. */
  false: number;
}

/** `metrics.json`. */
export interface MetricsFile {
  variant: string;
  engine: string;
  /** What is measured in each test case, class by class. `objects` is missing in files of versions before 0.2. */
  cases: { id: string; classes: Record<string, ClassMetrics>; objects?: Record<string, ObjectCounts> }[];
  /** Means over all cases and classes; in `classes` over the cases of each class. `empty` counts empty masks. */
  mean: ClassMetrics & { classes: Record<string, ClassMetrics>; empty: EmptyCounts };
  /** Sums over all cases and classes; in `classes` over the cases of each class. Missing in files of versions before 0.2. */
  objects?: ObjectCounts & { classes: Record<string, ObjectCounts> };
  /** Smallest first. */
  small_objects: { strata: StratumResult[] };
}

/** The reported metrics, with `null` for values that are undefined or infinite. */
export function classMetrics(metrics: SegmentationMetrics): ClassMetrics {
  return Object.fromEntries(
    names.map((name) => [name, Number.isFinite(metrics[name]) ? metrics[name] : null]),
  ) as ClassMetrics;
}

/** The mean of each metric over the values that exist; `null` if none does. */
export function meanMetrics(all: readonly ClassMetrics[]): ClassMetrics {
  return Object.fromEntries(
    names.map((name) => {
      const values = all.map((metrics) => metrics[name]).filter((value) => value !== null);
      return [name, values.length > 0 ? values.reduce((a, b) => a + b) / values.length : null];
    }),
  ) as ClassMetrics;
}

/** The objects of a class in one case, counted. */
export function objectCounts(detection: ObjectWiseDetection): ObjectCounts {
  const { objects, detected, missed, predictedObjects, falsePositives } = detection;
  return {
    reference: objects.length,
    found: detected,
    missed,
    predicted: predictedObjects,
    false: falsePositives.length,
  };
}

/** The sums of several counts. */
export function sumObjects(all: readonly ObjectCounts[]): ObjectCounts {
  const sum: ObjectCounts = { reference: 0, found: 0, missed: 0, predicted: 0, false: 0 };
  for (const counts of all) for (const name of Object.keys(sum) as (keyof ObjectCounts)[]) sum[name] += counts[name];
  return sum;
}

/** A stratum as JSON can hold it. */
export function stratumResult(stratum: Stratum): StratumResult {
  const { name, lower, upper, objects, detected, dice, sensitivity, falsePositives } = stratum;
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    name,
    lower,
    upper: finite(upper),
    objects,
    detected,
    dice: finite(dice),
    sensitivity: finite(sensitivity),
    falsePositives,
  };
}
