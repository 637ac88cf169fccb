import {
  meanMetrics,
  sumObjects,
  type ClassMetrics,
  type MetricsFile,
  type ObjectCounts,
  type StratumResult,
} from '@interseg/training';
import type { ComparedRun } from './compared-run.ts';

/**
 * The metrics of a variant seed by seed: where a seed has a run for each fold, those of all folds together, as if one network
 * had segmented every test case. Nothing is a mean of means.
 *
 * @param runs of one variant
 */
export function poolFolds(runs: readonly ComparedRun[]): MetricsFile[] {
  const known = pooled.get(runs);
  if (known) return known;
  const result = pool(runs);
  pooled.set(runs, result);
  return result;
}

/** The means and the tests of a comparison ask for the same runs. */
const pooled = new WeakMap<readonly ComparedRun[], MetricsFile[]>();

function pool(runs: readonly ComparedRun[]): MetricsFile[] {
  if (runs.every(({ fold }) => fold === undefined)) return runs.map(({ metrics }) => metrics);
  const seeds = [...new Set(runs.map(({ seed }) => seed))];
  return seeds.map((seed) => poolMetrics(runs.filter((run) => run.seed === seed).map(({ metrics }) => metrics)));
}

/** What `summarize` would say of all cases, from what it said of each part of them. */
function poolMetrics(parts: readonly MetricsFile[]): MetricsFile {
  const [first] = parts;
  const cases = parts.flatMap((part) => part.cases).sort((a, b) => (a.id < b.id ? -1 : 1));
  const all = cases.flatMap(({ classes }) => Object.entries(classes));
  const counts = cases.flatMap(({ objects = {} }) => Object.entries(objects));
  const names = [...new Set(all.map(([name]) => name))];
  const byName = <T>(entries: readonly (readonly [string, T])[], reduce: (values: T[]) => T): Record<string, T> =>
    Object.fromEntries(
      names.map((name) => [name, reduce(entries.filter(([one]) => one === name).map(([, value]) => value))]),
    );
  const values = <T>(entries: readonly (readonly [string, T])[]): T[] => entries.map(([, value]) => value);
  const empty = { both: 0, prediction: 0, reference: 0 };
  for (const { mean } of parts) {
    for (const which of Object.keys(empty) as (keyof typeof empty)[]) empty[which] += mean.empty[which];
  }
  return {
    variant: first!.variant,
    engine: first!.engine,
    cases,
    mean: { ...meanMetrics(values(all)), classes: byName<ClassMetrics>(all, meanMetrics), empty },
    objects: { ...sumObjects(values(counts)), classes: byName<ObjectCounts>(counts, sumObjects) },
    small_objects: { strata: poolStrata(parts.map(({ small_objects: { strata } }) => strata)) },
  };
}

/** All parts have the same ranges. Means are over objects, each with the same weight. */
function poolStrata(parts: readonly (readonly StratumResult[])[]): StratumResult[] {
  return (parts[0] ?? []).map((first, place) => {
    const same = parts.flatMap((strata) => strata[place] ?? []);
    const sum = (value: (stratum: StratumResult) => number): number => same.reduce((all, one) => all + value(one), 0);
    const objects = sum((one) => one.objects);
    const mean = (value: (stratum: StratumResult) => number | null): number | null =>
      objects > 0 ? sum((one) => (value(one) ?? 0) * one.objects) / objects : null;
    return {
      ...first,
      objects,
      detected: sum(({ detected }) => detected),
      dice: mean(({ dice }) => dice),
      sensitivity: mean(({ sensitivity }) => sensitivity),
      falsePositives: sum(({ falsePositives }) => falsePositives),
    };
  });
}
