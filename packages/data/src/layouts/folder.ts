import { basename, join, resolve } from 'node:path';
import { DataError } from '@interseg/errors';
import { describeValue, isObject, listFolder, readJsonObject } from '@interseg/files';
import { readNifti } from '@interseg/nifti';
import type { Case, ClassDefinition, DataSet, Modality } from '../dataset.ts';
import { parseChannels, parseClasses, inferModality } from './description.ts';
import { groupImages, haveChannelNumbers, imageAndLabelFolders, imageNames, type FoundImages } from './image-folder.ts';
import { imageStem } from './image-name.ts';
import type { Layout } from './layout.ts';
import { labelValuesInFiles } from '../cases/label-values.ts';

/** Options of {@link openFolder}, which default to what `dataset.json` says, otherwise to what the files contain. */
export interface FolderOptions {
  readonly classes?: readonly ClassDefinition[];
  readonly channels?: readonly string[];
  readonly modality?: Modality;
}

const expectedFolder = 'a folder with images and labels';

/**
 * Opens a plain folder: `images/` and `labels/` (or nnU-Net's `imagesTr/` and `labelsTr/`) with files of the same names.
 * A case with several channels is one file with four axes, or one file per channel with names that end with `_0000`,
 * `_0001`, …. Images without a label map and those in `imagesTs/` are cases without labels. Names that start with a dot are
 * ignored.
 *
 * A `dataset.json` may contain, all optional: `name`; `channel_names` or `modality` (channel number → name; a word that
 * starts with "CT" means computed tomography, otherwise it is magnetic resonance); `labels` (value → name, or name → value
 * or list of values); `patients` (case → patient, for patients with several cases). Without `labels`, every label value that
 * occurs is a class (`label 1`, …), and all label maps are read to find them.
 *
 * @throws DataError if a folder is missing, there is no image, a label map has no image, a channel is missing, the
 * description is not as above, or (without `labels`) a label map cannot be read or all are empty
 */
export async function openFolder(folder: string, options: FolderOptions = {}): Promise<DataSet> {
  const root = resolve(folder);
  const { files, folders } = await listFolder(root, expectedFolder);
  const pair = imageAndLabelFolders(folders);
  if (!pair) throw new DataError(`${root}: found no folders images and labels, expected ${expectedFolder}.`);
  const [imageFolder, labelFolder] = [join(root, pair[0]), join(root, pair[1])];
  const source = join(root, 'dataset.json');
  const description = files.includes('dataset.json') ? await readJsonObject(source, 'a description of the images') : {};

  const [images, labels] = [await imageNames(imageFolder), await imageNames(labelFolder)];
  if (images.length === 0) {
    throw new DataError(`${imageFolder}: found no .nii or .nii.gz file, expected at least one image.`);
  }
  const hasChannelNumbers = haveChannelNumbers(images, labels);
  const found = groupImages(imageFolder, images, hasChannelNumbers);
  const further = folders.includes('imagesTs') ? join(root, 'imagesTs') : undefined;
  const test = further ? groupImages(further, await imageNames(further), hasChannelNumbers) : [];
  checkIds([...found, ...test], root);

  const labelById = labelsById(labelFolder, labels, found, imageFolder);
  const patients = parsePatients(description['patients'], source);
  const toCase = ({ id, images: paths }: FoundImages): Case => ({ id, patient: patients[id] ?? id, images: paths });
  const cases = found
    .filter(({ id }) => labelById.has(id))
    .map((item) => ({ ...toCase(item), label: labelById.get(item.id)! }));
  const unlabelled = [...found.filter(({ id }) => !labelById.has(id)), ...test].map(toCase);

  const channels = options.channels ?? (await channelNames(description, source, found[0]!));
  const name = description['name'];
  return {
    name: typeof name === 'string' && name !== '' ? name : basename(root),
    folder: root,
    channels,
    modality: options.modality ?? inferModality(channels),
    classes: options.classes ?? (await classDefinitions(description['labels'], source, labelFolder, cases)),
    cases,
    unlabelled,
    problems: listProblems(imageFolder, found, labelById),
  };
}

/** The layout of {@link openFolder}. */
export const plainFolderLayout: Layout = {
  name: 'folder',
  title: 'Folders of images and labels',
  description: 'the folders images and labels',
  detect: ({ folders }) => imageAndLabelFolders(folders) !== undefined,
  open: ({ path }) => openFolder(path),
};

function checkIds(found: readonly FoundImages[], root: string): void {
  const seen = new Set<string>();
  for (const { id } of found) {
    if (seen.has(id)) throw new DataError(`${root}: found the case ${id} twice, expected every case once.`);
    seen.add(id);
  }
}

/** Among images with labels, those without are reported, because they are easily overlooked. */
function listProblems(folder: string, found: readonly FoundImages[], labels: ReadonlyMap<string, string>): string[] {
  const without = found.filter(({ id }) => !labels.has(id));
  const [first] = without;
  if (!first) return [];
  const count = `${without.length} of ${found.length} cases have no label map, so only their images can be trained on`;
  return [`${folder}: ${count}; the first is ${first.id}.`];
}

/** The label map of each case that has one. */
function labelsById(
  folder: string,
  names: readonly string[],
  found: readonly FoundImages[],
  imageFolder: string,
): Map<string, string> {
  const ids = new Set(found.map(({ id }) => id));
  const labels = new Map<string, string>();
  for (const name of names) {
    const id = imageStem(name);
    const path = join(folder, name);
    if (!ids.has(id)) throw new DataError(`${path}: found no image of this name, expected ${id} in ${imageFolder}.`);
    const twin = labels.get(id);
    if (twin !== undefined) throw new DataError(`${path}: found also ${twin}, expected one label map per image.`);
    labels.set(id, path);
  }
  return labels;
}

function parsePatients(patients: unknown, source: string): Readonly<Record<string, string>> {
  if (patients === undefined) return {};
  if (!isObject(patients) || !Object.values(patients).every((patient) => typeof patient === 'string')) {
    throw new DataError(`${source}: "patients" is ${describeValue(patients)}, expected {"case": "patient", …}.`);
  }
  return patients as Record<string, string>;
}

/** The names from the description, or as many as the first case has channels. */
async function channelNames(
  description: Readonly<Record<string, unknown>>,
  source: string,
  { images }: FoundImages,
): Promise<string[]> {
  const field = ['channel_names', 'modality'].find((name) => description[name] !== undefined);
  if (field !== undefined) {
    const names = parseChannels(description[field], field, source);
    if (images.length > 1 && images.length !== names.length) {
      throw new DataError(
        `${source}: "${field}" has ${names.length} channels, expected ${images.length}, the number of files of a case.`,
      );
    }
    return names;
  }
  const count = images.length > 1 ? images.length : await countChannels(images[0]!);
  return Array.from({ length: count }, (_, index) => `channel ${index}`);
}

async function countChannels(path: string): Promise<number> {
  const { shape } = await readNifti(path);
  return shape.slice(3).reduce((product, extent) => product * extent, 1);
}

async function classDefinitions(
  labels: unknown,
  source: string,
  folder: string,
  cases: readonly Case[],
): Promise<ClassDefinition[]> {
  if (labels !== undefined) return parseClasses(labels, source);
  const values = await labelValuesInFiles(cases.map(({ label }) => label!));
  if (values.length === 0) {
    throw new DataError(
      `${folder}: found no label above 0 in ${cases.length} label maps, expected at least one class.`,
    );
  }
  return values.map((value) => ({ name: `label ${value}`, values: [value] }));
}
