import type { SegmentationMetrics, Stratum } from '@interseg/metrics';

/** The metrics that are reported. */
export type MetricName = 'dice' | 'jaccard' | 'sensitivity' | 'precision' | 'hd95' | 'assd';

const names: readonly MetricName[] = ['dice', 'jaccard', 'sensitivity', 'precision', 'hd95', 'assd'];

/**
 * The metrics of a class in one case, or their means. JSON has neither NaN nor infinity, so `null` stands for a value
 * that does not exist: both masks are empty, or a distance to an empty mask. Distances are in millimetres.
 */
export type ClassMetrics = Record<MetricName, number | null>;

/** How often a class was not there, which the means leave out or count as 0. */
export interface EmptyCounts {
  /** Cases with the class neither in prediction nor reference: in no mean. */
  both: number;
  /** Cases where it was missed altogether: Dice 0, no distance. */
  prediction: number;
  /** Cases where it was predicted but is not there: Dice 0, no distance. */
  reference: number;
}

/** Reference objects of one range of sizes, over all cases and classes. */
export interface StratumResult {
  /** The range in words. */
  name: string;
  /** In mm³, inclusive. */
  lower: number;
  /** In mm³, exclusive; `null`: no limit. */
  upper: number | null;
  objects: number;
  /** Objects of which at least one voxel is predicted. */
  detected: number;
  /** Mean over the objects; `null` where there are none. */
  dice: number | null;
  sensitivity: number | null;
  /** Predicted objects of this size that meet no reference object. */
  falsePositives: number;
}

/** `metrics.json`. */
export interface MetricsFile {
  variant: string;
  engine: string;
  cases: { id: string; classes: Record<string, ClassMetrics> }[];
  /** Over all cases and classes; `classes`: over the cases of each class; `empty`: what the means leave out. */
  mean: ClassMetrics & { classes: Record<string, ClassMetrics>; empty: EmptyCounts };
  /** Smallest first. */
  small_objects: { strata: StratumResult[] };
}

/** The part of the metrics that is reported, with `null` for what is undefined or infinite. */
export function classMetrics(metrics: SegmentationMetrics): ClassMetrics {
  return Object.fromEntries(
    names.map((name) => [name, Number.isFinite(metrics[name]) ? metrics[name] : null]),
  ) as ClassMetrics;
}

/** The mean of each metric over the values that exist; `null` where none does. */
export function meanMetrics(all: readonly ClassMetrics[]): ClassMetrics {
  return Object.fromEntries(
    names.map((name) => {
      const values = all.map((metrics) => metrics[name]).filter((value) => value !== null);
      return [name, values.length > 0 ? values.reduce((a, b) => a + b) / values.length : null];
    }),
  ) as ClassMetrics;
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
