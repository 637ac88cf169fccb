import { basename, join } from 'node:path';
import {
  inferModality,
  parseChannels,
  parseClasses,
  type Case,
  type ClassDefinition,
  type DataSet,
  type Layout,
} from '@interseg/data';
import type { CaseSegmentation } from '@interseg/dicom';
import { DataError } from '@interseg/errors';
import { listFolder, readJsonObject } from '@interseg/files';

const descriptionName = 'dataset.json';
const expected = 'a data set of DICOM: a folder for each case';
const labelNames = ['labels.nii.gz', 'labels.nii'];

/**
 * A folder for each case, with its series and a DICOM SEG, or a label map `labels.nii.gz` on the grid of the series; and
 * `dataset.json` with `"format": "dicom"`.
 *
 * With one channel the series may lie anywhere in the folder of the case. With several, each lies in a folder with the
 * channel's name. The classes are the segments, which must have the same numbers and labels in all cases, unless
 * `dataset.json` has `labels`.
 */
export const dicomLayout: Layout = {
  name: 'dicom',
  title: 'Folders of DICOM series',
  description: 'dataset.json with "format": "dicom" and folders of cases with DICOM series',
  async detect({ path, files }) {
    if (!files.includes(descriptionName)) return false;
    return (await readJsonObject(join(path, descriptionName), 'a description of the images'))['format'] === 'dicom';
  },
  open: ({ path }) => openDicom(path),
};

async function openDicom(root: string): Promise<DataSet> {
  const source = join(root, descriptionName);
  const description = await readJsonObject(source, 'a description of the images');
  const { folders } = await listFolder(root, expected);
  if (folders.length === 0) throw new DataError(`${root}: found no folder of a case, expected ${expected}.`);
  const names = description['channel_names'] ?? description['modality'] ?? { 0: 'image' };
  const channels = parseChannels(names, 'channel_names', source);
  const patients = (description['patients'] ?? {}) as Record<string, string>;
  const found = await Promise.all(folders.map((id) => openCase(join(root, id), id, channels)));
  const all = found.map(({ item }) => ({ ...item, patient: String(patients[item.id] ?? item.id) }));
  const cases = all.filter(({ label }) => label !== undefined);
  const labels = description['labels'];
  const classes =
    labels === undefined
      ? classesOfSegments(
          found.flatMap(({ segmentation }) => segmentation ?? []),
          source,
        )
      : parseClasses(labels, source);
  const name = description['name'];
  return {
    name: typeof name === 'string' && name !== '' ? name : basename(root),
    folder: root,
    channels,
    modality: inferModality(channels),
    classes,
    cases,
    unlabelled: all.filter(({ label }) => label === undefined),
    problems: [],
  };
}

async function openCase(
  folder: string,
  id: string,
  channels: readonly string[],
): Promise<{ item: Case; segmentation?: CaseSegmentation }> {
  const { files, folders } = await listFolder(folder, 'the folder of a case');
  const images = channels.map((channel) => {
    if (channels.length === 1) return folder;
    const name = folders.find((one) => one.toLowerCase() === channel.toLowerCase());
    if (name !== undefined) return join(folder, name);
    throw new DataError(
      `${folder}: found no folder ${channel}, expected one with a series for each of ${channels.join(', ')}.`,
    );
  });
  const labels = labelNames.find((name) => files.includes(name));
  if (labels !== undefined) return { item: { id, patient: id, images, label: join(folder, labels) } };
  const { findCaseSegmentation } = await import('@interseg/dicom');
  const segmentation = await findCaseSegmentation(folder);
  return { item: { id, patient: id, images, ...(segmentation && { label: segmentation.path }) }, segmentation };
}

/** The segments as classes. @throws DataError if a number has another label in another case */
function classesOfSegments(segmentations: readonly CaseSegmentation[], source: string): ClassDefinition[] {
  const labels = new Map<number, { label: string; path: string }>();
  for (const { path, segments } of segmentations) {
    for (const { number, label } of segments) {
      const known = labels.get(number);
      if (known === undefined) {
        labels.set(number, { label, path });
      } else if (known.label !== label) {
        throw new DataError(
          `${path}: found segment ${number} with the label ${JSON.stringify(label)}, ` +
            `expected ${JSON.stringify(known.label)} as in ${known.path}.`,
        );
      }
    }
  }
  if (labels.size === 0) {
    throw new DataError(`${source}: found no "labels" and no DICOM SEG in the cases, expected the classes in either.`);
  }
  const sorted = [...labels].sort(([a], [b]) => a - b);
  return sorted.map(([number, { label }]) => ({ name: label, values: [number] }));
}
