import { percentileOfSorted } from '../statistics.ts';
import type { CaseReport } from './case-report.ts';

/** The minimum, median and maximum of some values. */
export interface Range {
  readonly smallest: number;
  readonly median: number;
  readonly largest: number;
}

/** One class over all cases with labels. */
export interface ClassSummary {
  readonly name: string;
  /** The number of cases that contain it. */
  readonly cases: number;
  /** mm³, over the cases that contain it; missing if there are none. */
  readonly volume?: Range;
  /** The total number of connected objects; missing without the option `objectSizes`. */
  readonly objects?: number;
  /** mm³, over all objects; missing if there are none. */
  readonly objectVolume?: Range;
}

/** Summarises the classes over all cases. */
export function summarizeClasses(names: readonly string[], cases: readonly CaseReport[]): ClassSummary[] {
  return names.map((name, index) => {
    const present = cases.flatMap(({ classes }) => classes?.[index] ?? []).filter(({ voxels }) => voxels > 0);
    const counted = present.every(({ objects }) => objects !== undefined);
    const objects = present.flatMap((report) => report.objects ?? []);
    return {
      name,
      cases: present.length,
      volume: range(present.map(({ volume }) => volume)),
      ...(counted && { objects: objects.length, objectVolume: range(objects) }),
    };
  });
}

function range(values: readonly number[]): Range | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  return { smallest: sorted[0]!, median: percentileOfSorted(sorted, 50), largest: sorted.at(-1)! };
}
