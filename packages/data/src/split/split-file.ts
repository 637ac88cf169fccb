import { DataError } from '@interseg/errors';
import { describeValue, readJsonObject, writeJson } from '@interseg/files';
import type { Case } from '../dataset.ts';
import type { Split } from './split.ts';

const partNames = ['train', 'validation', 'test'] as const;

/**
 * Writes a split as `{"train": […], "validation": […], "test": […]}`, with `"unlabelled": […]` where it has such cases. The
 * file appears when it is complete.
 */
export async function writeSplit(path: string, { train, validation, test, unlabelled }: Split): Promise<void> {
  await writeJson(path, { train, validation, test, ...(unlabelled && { unlabelled }) });
}

/**
 * Reads a split as {@link writeSplit} writes it. Cases that it does not name are in no part.
 *
 * @param cases the labelled cases that the file may name
 * @param unlabelled the cases without labels that it may name as `"unlabelled"`, beside labelled ones
 * @throws DataError if the file is missing or broken, a part is not a list of ids, the training part is empty, an id is
 * unknown or occurs twice, or cases of one patient are in different parts; a patient of training may have unlabelled cases
 */
export async function readSplit(
  path: string,
  cases: readonly Pick<Case, 'id' | 'patient'>[],
  unlabelled: readonly Pick<Case, 'id' | 'patient'>[] = [],
): Promise<Split> {
  const content = await readJsonObject(path, 'a split {"train": […], "validation": […], "test": […]}');
  const patients = new Map(cases.map(({ id, patient }) => [id, patient]));
  const patientsOfAll = new Map([...cases, ...unlabelled].map(({ id, patient }) => [id, patient]));
  const partOfId = new Map<string, string>();
  const partOfPatient = new Map<string, string>();
  const split: Split = { train: [], validation: [], test: [] };
  const hasUnlabelled = content['unlabelled'] !== undefined;
  if (hasUnlabelled) split.unlabelled = [];
  for (const part of hasUnlabelled ? ([...partNames, 'unlabelled'] as const) : partNames) {
    const isUnlabelled = part === 'unlabelled';
    const list = content[part];
    if (!Array.isArray(list)) {
      throw new DataError(`${path}: "${part}" is ${describeValue(list)}, expected a list of case ids.`);
    }
    for (const id of list as unknown[]) {
      const patient = typeof id === 'string' ? (isUnlabelled ? patientsOfAll : patients).get(id) : undefined;
      if (typeof id !== 'string' || patient === undefined) {
        const expected = isUnlabelled ? 'the id of a case' : 'the id of a labelled case';
        throw new DataError(`${path}: "${part}" names ${describeValue(id)}, expected ${expected}.`);
      }
      if (partOfId.has(id)) {
        throw new DataError(`${path}: the case ${id} is in "${partOfId.get(id)}" and "${part}", expected it once.`);
      }
      const partBefore = partOfPatient.get(patient) ?? part;
      if (partBefore !== part && !(isUnlabelled && partBefore === 'train')) {
        throw new DataError(
          `${path}: cases of the patient ${patient} are in "${partBefore}" and "${part}", ` +
            'expected all cases of a patient in one part.',
        );
      }
      partOfId.set(id, part);
      partOfPatient.set(patient, part);
      split[part]!.push(id);
    }
  }
  if (split.train.length === 0) throw new DataError(`${path}: "train" is empty, expected at least one case.`);
  return split;
}
