import { isAbsolute } from 'node:path';
import { OptionError } from '@interseg/errors';
import { describeValue, isObject } from '@interseg/files';
import type { DataSet } from '../dataset.ts';

const isText = (value: unknown): boolean => typeof value === 'string';
const isPath = (value: unknown): boolean => typeof value === 'string' && isAbsolute(value);
/** Makes a check of a list from that of an element. */
const listOf =
  (isElement: (value: unknown) => boolean, least = 0) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.length >= least && value.every(isElement);

type Checks = Readonly<Record<string, readonly [isValid: (value: unknown) => boolean, expected: string]>>;

const datasetFields: Checks = {
  name: [isText, 'a name'],
  folder: [isPath, 'an absolute path'],
  channels: [listOf(isText, 1), 'a list of names'],
  modality: [(value) => value === 'mr' || value === 'ct', "'mr' or 'ct'"],
  classes: [listOf(isObject, 1), 'a list of classes'],
  cases: [listOf(isObject), 'a list of cases'],
  unlabelled: [listOf(isObject), 'a list of cases'],
  problems: [listOf(isText), 'a list of sentences'],
};
const classFields: Checks = {
  name: [isText, 'a name'],
  values: [listOf((value) => Number.isInteger(value) && (value as number) > 0, 1), 'a list of whole numbers above 0'],
};
const caseFields: Checks = {
  id: [isText, 'a name'],
  patient: [isText, 'a name'],
  images: [listOf(isPath, 1), 'a list of absolute paths'],
};
const labelledFields: Checks = { ...caseFields, label: [isPath, 'an absolute path'] };

/**
 * Checks what the `open` of a layout returned, which may be code without types.
 *
 * @param layout the layout's name
 * @returns the data set
 * @throws OptionError naming the layout, the field, what was found and what was expected
 */
export function checkDataset(layout: string, dataset: DataSet): DataSet {
  const subject = `The layout '${layout}' returned`;
  if (!isObject(dataset)) throw new OptionError(`${subject} ${describeValue(dataset)}, expected a data set.`);
  const check = (value: object, fields: Checks, place: string): void => {
    for (const [field, [isValid, expected]] of Object.entries(fields)) {
      const found = (value as Record<string, unknown>)[field];
      if (!isValid(found)) {
        throw new OptionError(`${subject} ${describeValue(found)} as ${place}${field}, expected ${expected}.`);
      }
    }
  };
  check(dataset, datasetFields, '');
  dataset.classes.forEach((definition, index) => check(definition, classFields, `classes[${index}].`));
  dataset.cases.forEach((item, index) => check(item, labelledFields, `cases[${index}].`));
  dataset.unlabelled.forEach((item, index) => check(item, caseFields, `unlabelled[${index}].`));
  const ids = new Set<string>();
  for (const { id } of [...dataset.cases, ...dataset.unlabelled]) {
    if (ids.has(id)) throw new OptionError(`${subject} the case ${id} twice, expected every case once.`);
    ids.add(id);
  }
  return dataset;
}
