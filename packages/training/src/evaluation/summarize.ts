import { stratifyObjects } from '@interseg/metrics';
import type { ClassEvaluation } from './evaluate.ts';
import {
  classMetrics,
  meanMetrics,
  objectCounts,
  stratumResult,
  sumObjects,
  type EmptyCounts,
  type MetricsFile,
} from './metrics-file.ts';

/** Summarises the evaluations of all cases as the content of `metrics.json`. */
export function summarize(
  cases: readonly { id: string; classes: readonly ClassEvaluation[] }[],
  { variant, engine }: { variant: string; engine: string },
): MetricsFile {
  const all = cases.flatMap((one) => one.classes);
  const names = [...new Set(all.map(({ name }) => name))];
  const mean = (evaluations: readonly ClassEvaluation[]) =>
    meanMetrics(evaluations.map(({ metrics }) => classMetrics(metrics)));
  const objects = (evaluations: readonly ClassEvaluation[]) =>
    sumObjects(evaluations.map((one) => objectCounts(one.objects)));
  const count = (which: keyof EmptyCounts): number => all.filter(({ metrics }) => metrics.empty === which).length;
  return {
    variant,
    engine,
    cases: cases.map(({ id, classes }) => ({
      id,
      classes: Object.fromEntries(classes.map(({ name, metrics }) => [name, classMetrics(metrics)])),
      objects: Object.fromEntries(classes.map((one) => [one.name, objectCounts(one.objects)])),
    })),
    mean: {
      ...mean(all),
      classes: Object.fromEntries(names.map((name) => [name, mean(all.filter((one) => one.name === name))])),
      empty: { both: count('both'), prediction: count('prediction'), reference: count('reference') },
    },
    objects: {
      ...objects(all),
      classes: Object.fromEntries(names.map((name) => [name, objects(all.filter((one) => one.name === name))])),
    },
    small_objects: { strata: stratifyObjects(all.map(({ objects }) => objects)).map(stratumResult) },
  };
}
