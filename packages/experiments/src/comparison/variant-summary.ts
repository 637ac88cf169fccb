import type { MetricName, MetricsFile } from '@interseg/training';
import type { ComparedRun } from './compared-run.ts';
import { bestDice, convergedPart, convergence, type Convergence } from './convergence.ts';
import type { ParameterCounts } from './measurements.ts';
import { poolFolds } from './pool-folds.ts';
import { meanDeviation, type MeanDeviation } from './statistics/mean-deviation.ts';

/** Reference objects of one range of sizes, as the runs of a variant found them. */
export interface StratumSummary {
  /** The range in words, and in mm³; `null`: no limit. */
  name: string;
  lower: number;
  upper: number | null;
  /** Objects in the test cases. */
  objects: number;
  dice: MeanDeviation;
  sensitivity: MeanDeviation;
  detectionRate: MeanDeviation;
  falsePositives: MeanDeviation;
}

/**
 * The runs of one variant together: means and standard deviations are over its seeds. In a cross-validation the metrics of a
 * seed are those of all its folds together; what is of the training itself is over the runs of all folds.
 */
export interface VariantSummary {
  variant: string;
  /** How many runs there are. */
  runs: number;
  /** Over all test cases and classes. */
  dice: MeanDeviation;
  hd95: MeanDeviation;
  assd: MeanDeviation;
  /** Smallest first. */
  strata: StratumSummary[];
  bestValidationDice: MeanDeviation;
  epochs: MeanDeviation;
  seconds: MeanDeviation;
  secondsPerStep: MeanDeviation;
  parameters: ParameterCounts | null;
  /** To 95 % of the baseline's best validation Dice (its mean over seeds). */
  toBaseline: Convergence;
  /** To 95 % of each run's own best. */
  toOwnBest: Convergence;
}

/**
 * Summarises the runs of one variant.
 *
 * @param baseline the runs of the variant that the others are compared with
 */
export function summarizeVariant(
  variant: string,
  runs: readonly ComparedRun[],
  baseline: readonly ComparedRun[],
): VariantSummary {
  const over = (value: (run: ComparedRun) => number | null): MeanDeviation => meanDeviation(runs.map(value));
  const seeds = poolFolds(runs);
  const overSeeds = (name: MetricName): MeanDeviation => meanDeviation(seeds.map(({ mean }) => mean[name]));
  const curves = runs.map(({ validation }) => validation);
  const part = (dice: number | null): number | null => (dice === null ? null : convergedPart * dice);
  const baselineTarget = part(meanDeviation(baseline.map((run) => run.bestValidationDice)).mean);
  return {
    variant,
    runs: runs.length,
    dice: overSeeds('dice'),
    hd95: overSeeds('hd95'),
    assd: overSeeds('assd'),
    strata: summarizeStrata(seeds),
    bestValidationDice: over((run) => run.bestValidationDice),
    epochs: over(({ epochs }) => epochs),
    seconds: over(({ seconds }) => seconds),
    secondsPerStep: over(({ secondsPerStep }) => secondsPerStep),
    parameters: runs.find(({ parameters }) => parameters !== null)?.parameters ?? null,
    toBaseline: convergence(
      curves,
      curves.map(() => baselineTarget),
    ),
    toOwnBest: convergence(
      curves,
      curves.map((curve) => part(bestDice(curve))),
    ),
  };
}

/** The test cases, and with them the reference objects, are the same for all seeds. */
function summarizeStrata(seeds: readonly MetricsFile[]): StratumSummary[] {
  const strata = seeds.map((metrics) => metrics.small_objects.strata);
  return (strata[0] ?? []).map(({ name, lower, upper, objects }, index) => {
    const same = strata.map((all) => all[index]).filter((stratum) => stratum !== undefined);
    return {
      name,
      lower,
      upper,
      objects,
      dice: meanDeviation(same.map(({ dice }) => dice)),
      sensitivity: meanDeviation(same.map(({ sensitivity }) => sensitivity)),
      detectionRate: meanDeviation(same.map((one) => (one.objects > 0 ? one.detected / one.objects : null))),
      falsePositives: meanDeviation(same.map(({ falsePositives }) => falsePositives)),
    };
  });
}
