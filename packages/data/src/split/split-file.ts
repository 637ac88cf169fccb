import { DataError } from '@interseg/errors';
import { describeValue, readJsonObject, writeJson } from '@interseg/files';
import type { Case } from '../dataset.ts';
import type { Split } from './split.ts';

const partNames = ['train', 'validation', 'test'] as const;

/** Writes a split as `{"train": […], "validation": […], "test": […]}`. The file appears when it is complete. */
export async function writeSplit(path: string, split: Split): Promise<void> {
  await writeJson(path, { train: split.train, validation: split.validation, test: split.test });
}

/**
 * Reads a split as {@link writeSplit} writes it. Cases that it does not name are in no part.
 *
 * @param cases the cases that the file may name
 * @throws DataError if the file is missing or broken, a part is not a list of ids, the training part is empty, an id is
 * unknown or occurs twice, or cases of one patient are in different parts
 */
export async function readSplit(path: string, cases: readonly Pick<Case, 'id' | 'patient'>[]): Promise<Split> {
  const content = await readJsonObject(path, 'a split {"train": […], "validation": […], "test": […]}');
  const patients = new Map(cases.map(({ id, patient }) => [id, patient]));
  const partOfId = new Map<string, string>();
  const partOfPatient = new Map<string, string>();
  const split: Split = { train: [], validation: [], test: [] };
  for (const part of partNames) {
    const list = content[part];
    if (!Array.isArray(list)) {
      throw new DataError(`${path}: "${part}" is ${describeValue(list)}, expected a list of case ids.`);
    }
    for (const id of list as unknown[]) {
      const patient = typeof id === 'string' ? patients.get(id) : undefined;
      if (typeof id !== 'string' || patient === undefined) {
        throw new DataError(`${path}: "${part}" names ${describeValue(id)}, expected the id of a labelled case.`);
      }
      if (partOfId.has(id)) {
        throw new DataError(`${path}: the case ${id} is in "${partOfId.get(id)}" and "${part}", expected it once.`);
      }
      if ((partOfPatient.get(patient) ?? part) !== part) {
        throw new DataError(
          `${path}: cases of the patient ${patient} are in "${partOfPatient.get(patient)}" and "${part}", ` +
            'expected all cases of a patient in one part.',
        );
      }
      partOfId.set(id, part);
      partOfPatient.set(patient, part);
      split[part].push(id);
    }
  }
  if (split.train.length === 0) throw new DataError(`${path}: "train" is empty, expected at least one case.`);
  return split;
}
