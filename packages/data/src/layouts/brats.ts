import { basename, join, resolve } from 'node:path';
import { DataError } from '@interseg/errors';
import { listFolder } from '@interseg/files';
import type { Case, ClassDefinition, DataSet } from '../dataset.ts';
import { imageAndLabelFolders } from './image-folder.ts';
import { imageStem, isImageName } from './image-name.ts';
import type { Layout } from './layout.ts';

/** The sequences of BraTS 2019, with which the names of files end, in the order of the channels. */
export const bratsChannels: readonly string[] = ['t1', 't1ce', 't2', 'flair'];

/**
 * The nested regions that BraTS evaluates, the innermost last. The labels on disk are 1 for the necrotic and non-enhancing
 * core, 2 for oedema and 4 for enhancing tumour.
 */
const bratsClasses: readonly ClassDefinition[] = [
  { name: 'whole tumour', values: [1, 2, 4] },
  { name: 'tumour core', values: [1, 4] },
  { name: 'enhancing tumour', values: [4] },
];

/** The grades of the training set: high and low. */
const gradeFolders = ['HGG', 'LGG'];

const expectedFolder = 'a folder of BraTS 2019, with HGG and LGG or with the cases themselves';

/**
 * Opens a folder in the layout of BraTS 2019: `HGG/` and `LGG/` (or one of them) with a folder per case, or the folders of
 * cases alone, as in the published validation set. The folder of a case contains `<case>_t1`, `_t1ce`, `_t2`, `_flair` and,
 * if there are labels, `_seg`, each as `.nii` or `.nii.gz`. Other files and names that start with a dot are ignored.
 *
 * Cases without `_seg` have no labels. The classes are the nested regions whole tumour (labels 1, 2, 4), tumour core (1, 4)
 * and enhancing tumour (4). Names such as `BraTS19_TCIA01_131_1` end with the number of the scan; all scans of a patient
 * are in the same part of a split.
 *
 * @throws DataError if the folder is missing or contains no case, a sequence of a case is missing or exists twice, or a
 * case is in both grades
 */
export async function openBrats(folder: string): Promise<DataSet> {
  const root = resolve(folder);
  const { folders } = await listFolder(root, expectedFolder);
  const grades = folders.filter((name) => gradeFolders.includes(name));
  const all: Case[] = [];
  for (const grade of grades.length > 0 ? grades : ['']) {
    const parent = join(root, grade);
    const names = grade === '' ? folders : (await listFolder(parent, expectedFolder)).folders;
    for (const name of names) {
      const twin = all.find(({ id }) => id === name);
      if (twin) throw new DataError(`${join(parent, name)}: found the case in both grades, expected every case once.`);
      all.push(await openCase(join(parent, name)));
    }
  }
  if (all.length === 0) throw new DataError(`${root}: found no folder of a case, expected ${expectedFolder}.`);
  const cases = all.filter(({ label }) => label !== undefined);
  const unlabelled = all.filter(({ label }) => label === undefined);
  return {
    name: basename(root),
    folder: root,
    channels: bratsChannels,
    modality: 'mr',
    classes: bratsClasses,
    cases,
    unlabelled,
    problems: listProblems(cases, unlabelled, grades.length > 0),
  };
}

/** The layout of {@link openBrats}. */
export const bratsLayout: Layout = {
  name: 'brats',
  title: 'BraTS 2019',
  description: 'HGG and LGG or folders of cases with _t1, _t1ce, _t2 and _flair (BraTS 2019)',
  async detect({ path, files, folders }) {
    if (files.includes('dataset.json')) return false;
    if (folders.some((name) => gradeFolders.includes(name))) return true;
    if (imageAndLabelFolders(folders) !== undefined) return false;
    for (const name of folders) {
      const content = await listFolder(join(path, name), 'the folder of a case');
      if (content.files.some(isBratsFile)) return true;
    }
    return false;
  },
  open: ({ path }) => openBrats(path),
};

/** Whether a name is that of a sequence of BraTS. */
function isBratsFile(name: string): boolean {
  return isImageName(name) && /_(t1|t1ce|t2|flair)$/.test(imageStem(name));
}

async function openCase(folder: string): Promise<Case> {
  const id = basename(folder);
  const { files } = await listFolder(folder, 'the folder of a case');
  const images = bratsChannels.map((channel) => {
    const path = findFile(folder, files, `${id}_${channel}`);
    if (path !== undefined) return path;
    const names = bratsChannels.map((name) => `${id}_${name}`).join(', ');
    throw new DataError(
      `${folder}: no ${id}_${channel}.nii or ${id}_${channel}.nii.gz, expected a file for each of ${names}.`,
    );
  });
  const label = findFile(folder, files, `${id}_seg`);
  return { id, patient: patientFromId(id), images, ...(label === undefined ? {} : { label }) };
}

function findFile(folder: string, files: readonly string[], stem: string): string | undefined {
  const found = files.filter((name) => isImageName(name) && imageStem(name) === stem);
  if (found.length > 1) throw new DataError(`${folder}: found ${found.join(' and ')}, expected only one of them.`);
  return found[0] === undefined ? undefined : join(folder, found[0]);
}

/** `BraTS19_TCIA01_131_1` means data set, institution, patient, scan. Any other id is that of a patient. */
function patientFromId(id: string): string {
  return /^(BraTS\d+_[^_]+_[^_]+)_\d+$/i.exec(id)?.[1] ?? id;
}

/** In a training set, cases without labels are reported, because the user may expect to train on them. */
function listProblems(labelled: readonly Case[], unlabelled: readonly Case[], hasGrades: boolean): string[] {
  const [first] = unlabelled;
  if (!first || (labelled.length === 0 && !hasGrades)) return [];
  const total = labelled.length + unlabelled.length;
  return [
    `${unlabelled.length} of ${total} cases have no _seg file, so only their images can be trained on; the first is ${first.id}.`,
  ];
}
