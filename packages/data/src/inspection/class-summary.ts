import { percentileOfSorted } from '../statistics.ts';
import type { CaseReport } from './case-report.ts';

/** The smallest, the middle and the largest of some values. */
export interface Range {
  readonly smallest: number;
  readonly median: number;
  readonly largest: number;
}

/** One class over all cases with labels. */
export interface ClassSummary {
  readonly name: string;
  /** In how many cases it is. */
  readonly cases: number;
  /** mm³, over the cases in which it is; missing when there are none. */
  readonly volume?: Range;
  /** How many connected objects there are in all; missing when nobody said how to find objects. */
  readonly objects?: number;
  /** mm³, over all objects; missing when there are none. */
  readonly objectVolume?: Range;
}

/** What the classes are like over all cases. */
export function summarizeClasses(names: readonly string[], cases: readonly CaseReport[]): ClassSummary[] {
  return names.map((name, index) => {
    const present = cases.flatMap(({ classes }) => classes?.[index] ?? []).filter(({ voxels }) => voxels > 0);
    const counted = present.every(({ objects }) => objects !== undefined);
    const objects = present.flatMap((report) => report.objects ?? []);
    return {
      name,
      cases: present.length,
      volume: rangeOf(present.map(({ volume }) => volume)),
      ...(counted && { objects: objects.length, objectVolume: rangeOf(objects) }),
    };
  });
}

function rangeOf(values: readonly number[]): Range | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  return { smallest: sorted[0]!, median: percentileOfSorted(sorted, 50), largest: sorted.at(-1)! };
}
