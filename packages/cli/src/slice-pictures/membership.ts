import type { ClassDefinition } from '@interseg/data';

/** Which classes a label belongs to, as a number; 0 for background. Labels of the same classes are the same. */
export function membership(label: number, classes: readonly ClassDefinition[]): number {
  return classes.reduce((sum, { values }, index) => (values.includes(label) ? sum + 2 ** index : sum), 0);
}
