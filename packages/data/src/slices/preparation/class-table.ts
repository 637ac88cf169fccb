import type { ClassDefinition } from '../../layouts/dataset.ts';

/** For each label value the numbers of the classes that it belongs to; no entry for the background. */
export function classTable(classes: readonly ClassDefinition[]): ReadonlyMap<number, readonly number[]> {
  const table = new Map<number, number[]>();
  classes.forEach(({ values }, index) => {
    for (const value of values) {
      const members = table.get(value);
      if (members) members.push(index);
      else table.set(value, [index]);
    }
  });
  return table;
}
