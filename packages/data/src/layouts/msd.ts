import { access, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { DataError } from '@interseg/errors';
import { describeValue, exists, fileError, isObject, readJsonObject } from '@interseg/files';
import { containedPath } from './contained-path.ts';
import type { Case, DataSet } from '../dataset.ts';
import { parseChannels, parseClasses, inferModality } from './description.ts';
import { imageAndLabelFolders } from './image-folder.ts';
import { imageStem, isImageName } from './image-name.ts';
import type { Layout } from './layout.ts';

const expectedDescription = 'the dataset.json of the Medical Segmentation Decathlon';

/**
 * Opens a folder in the layout of the Medical Segmentation Decathlon (MSD): `dataset.json` beside `imagesTr/`,
 * `labelsTr/` and, if there are cases without labels, `imagesTs/`.
 *
 * It uses these fields of `dataset.json`: `name`; `modality` (channel number → name; a word that starts with "CT" means
 * computed tomography, otherwise it is magnetic resonance); `labels` (value → name, where 0 is the background; or name →
 * value); `training` (`{image, label}` each, with `patient` if several cases show one patient); `test` (names, or
 * `{image}`). Names that start with `._`, which macOS leaves behind, are ignored. Files are only checked for existence. An
 * image of `test` may be missing, as it is not needed for training; it is left out and mentioned in `problems`.
 *
 * @throws DataError if the folder, `dataset.json` or a file of `training` is missing, the JSON is broken, a field is not as
 * above, a path leads out of the folder, or two cases have the same id
 */
export async function openMsd(folder: string): Promise<DataSet> {
  const root = resolve(folder);
  await checkFolder(root);
  const source = join(root, 'dataset.json');
  const description = await readJsonObject(source, expectedDescription);
  const channels = parseChannels(description['modality'], 'modality', source);
  const cases = parseCases(description['training'], 'training', root, source, true);
  const listed = parseCases(description['test'] ?? [], 'test', root, source, false);
  checkIds([...cases, ...listed], source);
  await checkFiles(cases, source);
  const { present, problems } = await findPresent(listed, source);
  const name = description['name'];
  return {
    name: typeof name === 'string' && name !== '' ? name : basename(root),
    folder: root,
    channels,
    modality: inferModality(channels),
    classes: parseClasses(description['labels'], source),
    cases,
    unlabelled: present,
    problems,
  };
}

/** The layout of {@link openMsd}. */
export const msdLayout: Layout = {
  name: 'msd',
  title: 'Medical Segmentation Decathlon',
  description: 'dataset.json (Medical Segmentation Decathlon)',
  async detect({ path, files, folders }) {
    if (!files.includes('dataset.json')) return false;
    const description = await readJsonObject(join(path, 'dataset.json'), 'the description of a data set');
    // Without a list of training cases it describes the folders of images and labels beside it, if there are any.
    return description['training'] !== undefined || imageAndLabelFolders(folders) === undefined;
  },
  open: ({ path }) => openMsd(path),
};

async function checkFolder(folder: string): Promise<void> {
  const expected = 'a folder with dataset.json, imagesTr and labelsTr';
  const status = await stat(folder).catch((error: unknown) => {
    throw fileError(folder, error, expected);
  });
  if (!status.isDirectory()) throw new DataError(`${folder}: found no folder, expected ${expected}.`);
}

function parseCases(list: unknown, field: string, root: string, source: string, labelled: boolean): Case[] {
  const expected = labelled ? '{"image": "./imagesTr/…", "label": "./labelsTr/…"}' : '"./imagesTs/…"';
  if (!Array.isArray(list)) {
    throw new DataError(`${source}: "${field}" is ${describeValue(list)}, expected a list of ${expected}.`);
  }
  return list.flatMap((entry: unknown, index) => {
    const item = !labelled && typeof entry === 'string' ? { image: entry } : entry;
    if (!isObject(item) || typeof item['image'] !== 'string' || (labelled && typeof item['label'] !== 'string')) {
      throw new DataError(`${source}: entry ${index} of "${field}" is ${describeValue(entry)}, expected ${expected}.`);
    }
    const { image, label, patient } = item;
    if (basename(image as string).startsWith('._')) return [];
    if (!isImageName(image as string)) {
      throw new DataError(
        `${source}: found the image ${describeValue(image)} in "${field}", expected a .nii or .nii.gz file.`,
      );
    }
    const id = imageStem(image as string);
    return [
      {
        id,
        patient: typeof patient === 'string' && patient !== '' ? patient : id,
        images: [containedPath(root, image as string, source)],
        ...(labelled ? { label: containedPath(root, label as string, source) } : {}),
      },
    ];
  });
}

function checkIds(cases: readonly Case[], source: string): void {
  const seen = new Set<string>();
  for (const { id } of cases) {
    if (seen.has(id)) throw new DataError(`${source}: found the case ${id} twice, expected every image once.`);
    seen.add(id);
  }
}

async function checkFiles(cases: readonly Case[], source: string): Promise<void> {
  for (const { images, label } of cases) {
    for (const path of label === undefined ? images : [...images, label]) {
      await access(path).catch((error: unknown) => {
        throw fileError(path, error, `the file that ${source} names`);
      });
    }
  }
}

/** The cases whose image exists, and one sentence about the others, if any. */
async function findPresent(cases: readonly Case[], source: string): Promise<{ present: Case[]; problems: string[] }> {
  const isThere = await Promise.all(cases.map(({ images }) => exists(images[0]!)));
  const missing = cases.filter((_, index) => !isThere[index]);
  const first = missing[0]?.images[0];
  return {
    present: cases.filter((_, index) => isThere[index]),
    problems:
      first === undefined
        ? []
        : [`${source}: ${missing.length} of ${cases.length} images in "test" are missing, the first is ${first}.`],
  };
}
