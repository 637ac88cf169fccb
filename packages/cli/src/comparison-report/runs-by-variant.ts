import type { ComparedRun, ComparisonFile } from '@interseg/experiments';

/** The runs of each variant, in their order: looked up once, as a comparison may have thousands. */
export function runsByVariant({ runs }: Pick<ComparisonFile, 'runs'>): ReadonlyMap<string, readonly ComparedRun[]> {
  const groups = new Map<string, ComparedRun[]>();
  for (const run of runs) {
    const group = groups.get(run.variant);
    if (group) group.push(run);
    else groups.set(run.variant, [run]);
  }
  return groups;
}
