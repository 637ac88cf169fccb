import { OptionError } from '@interseg/errors';
import type { DataSet } from '../dataset.ts';

/**
 * A data set with only some of its classes. The label values of the other classes become background: they may occur in
 * label maps, but belong to no class.
 *
 * @param names the names of the classes, in the order wanted; upper and lower case are the same
 * @throws OptionError if there is no name, a name that no class has, or one that occurs twice
 */
export function selectClasses(dataset: DataSet, names: readonly string[]): DataSet {
  const classes = names.map((name, index) => {
    const found = dataset.classes.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (!found || names.indexOf(name) < index) {
      const reason = found ? 'twice' : 'which is no class of it';
      const all = dataset.classes.map((one) => one.name).join(', ');
      throw new OptionError(
        `${dataset.folder}: the option classes has ${JSON.stringify(name)} ${reason}, expected some of ${all}.`,
      );
    }
    return found;
  });
  if (classes.length === 0) throw new OptionError('The option classes is empty, expected at least one name.');
  const chosen = new Set(classes.flatMap(({ values }) => values));
  const others = dataset.classes.flatMap(({ values }) => values).filter((value) => !chosen.has(value));
  return { ...dataset, classes, background: [...new Set([...(dataset.background ?? []), ...others])] };
}
