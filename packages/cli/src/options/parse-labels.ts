import type { ClassDefinition } from '@interseg/data';
import { UsageError } from '../errors/usage-error.ts';

/** Parses `1=liver,2=tumour` or, for regions that may overlap, `1+2=both`. @throws UsageError for anything else */
export function parseLabels(text: string): ClassDefinition[] {
  const classes = text.split(',').map((part) => {
    const [, list = '', name] = /^\s*(\d+(?:\s*\+\s*\d+)*)\s*=\s*(.*\S)\s*$/.exec(part) ?? [];
    const values = list.split('+').map(Number);
    if (name === undefined || values.includes(0)) {
      throw new UsageError(
        `--labels: found '${part.trim()}', expected a label above 0 (or several, joined by +) and a name, such as 1=liver or 1+2=both.`,
      );
    }
    return { name, values };
  });
  const names = classes.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new UsageError(`--labels: found the name '${twice}' twice, expected each name once.`);
  return classes;
}
