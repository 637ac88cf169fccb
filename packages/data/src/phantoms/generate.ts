import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@interseg/errors';
import { fileError, writeJson } from '@interseg/files';
import { scalingAffine, writeNifti } from '@interseg/nifti';
import type { DataSet } from '../dataset.ts';
import { openBrats } from '../layouts/brats.ts';
import { openMsd } from '../layouts/msd.ts';
import { createRandom } from '../random/random.ts';
import { noPhantoms, phantomId, readPhantoms, type Phantoms } from './append.ts';
import { drawMistakes } from './label-mistakes.ts';
import { completePhantomOptions, type PhantomOptions } from './options.ts';
import { createPhantom, type Phantom } from './phantom.ts';

/** An object in `objects.json`. */
interface ListedObject {
  class: string;
  center: readonly number[];
  radius: number;
  /** What is wrong with its label; missing where nothing is. */
  mistake?: 'eroded' | 'forgotten';
}

/**
 * Writes an MSD (or BraTS) folder of synthetic heads: an ellipsoid of scalp, skull and fluid around a folded brain with
 * ventricles. In the brain lie small compact objects of known size for each class, and distractors of the same
 * intensities that belong to no class. Each channel has partial volume, texture and noise; in MR a bias field, too.
 *
 * Besides `dataset.json` it writes `objects.json`: for each case the class, the centre in RAS millimetres and the
 * radius of every object, and where its label is wrong on purpose (`erodedMasks`, `forgottenObjects`) the `mistake`. A
 * patient does not depend on the number of patients, and the same seed and options give the same files. Objects for
 * which the brain has no room are left out.
 *
 * With the layout of BraTS patients alternate between `HGG` and `LGG`, including those without labels.
 *
 * @param folder created if it is missing; it must not contain a `dataset.json` (or `HGG`), unless patients are appended
 * @throws OptionError when an option is out of range or does not suit the phantoms that are appended to; DataError when
 * the folder has a data set already, or has no phantoms to append to, or cannot be written to
 */
export async function generatePhantoms(folder: string, options: PhantomOptions = {}): Promise<DataSet> {
  const complete = completePhantomOptions(options);
  const { patients, unlabelled, channels, classes } = complete;
  const random = createRandom(complete.seed).fork('phantoms');
  const isBrats = complete.layout === 'brats';
  const before = complete.append ? await readPhantoms<ListedObject>(folder, complete) : undefined;
  if (!before) await makeFolders(folder, isBrats ? ['HGG', 'LGG'] : ['imagesTr', 'labelsTr', 'imagesTs']);
  const { training, test, objects }: Phantoms<ListedObject> = before ?? noPhantoms();
  const first = training.length + test.length + 1;
  for (let number = first; number < first + patients + unlabelled; number++) {
    const id = phantomId(number);
    const isLabelled = number < first + patients;
    const mistakes = isLabelled ? drawMistakes(complete, random, number) : { erosion: 0, forgets: false };
    const phantom = createPhantom(complete, random.fork(id), mistakes);
    objects[id] = listObjects(phantom, classes);
    if (isBrats) {
      await writeBratsCase(join(folder, number % 2 ? 'HGG' : 'LGG', id), id, phantom, channels, isLabelled);
      continue;
    }
    await writePhantom(folder, id, phantom, channels.length, isLabelled);
    if (isLabelled) training.push({ image: `./imagesTr/${id}.nii.gz`, label: `./labelsTr/${id}.nii.gz` });
    else test.push(`./imagesTs/${id}.nii.gz`);
  }
  await writeJson(join(folder, 'objects.json'), objects);
  if (isBrats) return openBrats(folder);
  // Last, so that a folder with a description is complete.
  await writeJson(join(folder, 'dataset.json'), {
    name: 'Phantoms',
    description: `Artificial heads with small objects (seed ${complete.seed}); no patient's data.`,
    modality: Object.fromEntries(channels.map((name, index) => [index, name])),
    labels: { 0: 'background', ...Object.fromEntries(classes.map((name, index) => [index + 1, name])) },
    ...before?.description,
    numTraining: training.length,
    numTest: test.length,
    training,
    test,
  });
  return openMsd(folder);
}

function listObjects({ objects, labelled }: Phantom, classes: readonly string[]): ListedObject[] {
  return objects.map((object, index) => {
    const { classIndex, radius, shape } = object;
    const listed = { class: classes[classIndex!]!, center: shape.center, radius };
    const asLabelled = labelled[index];
    if (asLabelled === object) return listed;
    return { ...listed, mistake: asLabelled ? 'eroded' : 'forgotten' };
  });
}

async function makeFolders(folder: string, parts: readonly string[]): Promise<void> {
  // The sign of an existing data set: its description, or without one its first folder.
  const description = join(folder, parts.includes('HGG') ? 'HGG' : 'dataset.json');
  const taken = await access(description).then(
    () => true,
    () => false,
  );
  if (taken) throw new DataError(`${description}: there is a data set already, expected a new or empty folder.`);
  try {
    for (const part of parts) await mkdir(join(folder, part), { recursive: true });
  } catch (error) {
    throw fileError(folder, error, 'a folder that can be written to');
  }
}

async function writePhantom(
  folder: string,
  id: string,
  { image, labels, grid }: Phantom,
  channels: number,
  labelled: boolean,
): Promise<void> {
  const affine = scalingAffine(grid.spacing, grid.origin);
  const shape = channels === 1 ? grid.shape : [...grid.shape, channels];
  await writeNifti(join(folder, labelled ? 'imagesTr' : 'imagesTs', `${id}.nii.gz`), { data: image, shape, affine });
  if (!labelled) return;
  const path = join(folder, 'labelsTr', `${id}.nii.gz`);
  await writeNifti(path, { data: labels, shape: grid.shape, affine }, { labels: true });
}

async function writeBratsCase(
  folder: string,
  id: string,
  { image, labels, grid }: Phantom,
  channels: readonly string[],
  labelled: boolean,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const place = { shape: grid.shape, affine: scalingAffine(grid.spacing, grid.origin) };
  for (const [index, name] of channels.entries()) {
    const data = image.subarray(index * labels.length, (index + 1) * labels.length);
    await writeNifti(join(folder, `${id}_${name}.nii.gz`), { data, ...place });
  }
  if (labelled) await writeNifti(join(folder, `${id}_seg.nii.gz`), { data: labels, ...place }, { labels: true });
}
