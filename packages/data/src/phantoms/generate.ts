import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@interseg/errors';
import { fileError, writeJson } from '@interseg/files';
import { scalingAffine, writeNifti } from '@interseg/nifti';
import type { DataSet } from '../dataset.ts';
import { openBrats } from '../layouts/brats.ts';
import { openMsd } from '../layouts/msd.ts';
import { createRandom } from '../random/random.ts';
import { completePhantomOptions, type PhantomOptions } from './options.ts';
import { createPhantom, type Phantom } from './phantom.ts';

/**
 * Writes an MSD (or BraTS) folder of synthetic heads: an ellipsoid of scalp, skull and fluid around a folded brain with
 * ventricles. In the brain lie small compact objects of known size for each class, and distractors of the same
 * intensities that belong to no class. Each channel has partial volume, texture and noise; in MR a bias field, too.
 *
 * Besides `dataset.json` it writes `objects.json`: for each case the class, the centre in RAS millimetres and the
 * radius of every object. A patient does not depend on the number of patients, and the same seed and options give the
 * same files. Objects for which the brain has no room are left out.
 *
 * With the layout of BraTS patients alternate between `HGG` and `LGG`, including those without labels.
 *
 * @param folder created if it is missing; it must not contain a `dataset.json` (or `HGG`)
 * @throws OptionError when an option is out of range; DataError when the folder has a data set or cannot be written to
 */
export async function generatePhantoms(folder: string, options: PhantomOptions = {}): Promise<DataSet> {
  const complete = completePhantomOptions(options);
  const random = createRandom(complete.seed).fork('phantoms');
  const isBrats = complete.layout === 'brats';
  await makeFolders(folder, isBrats ? ['HGG', 'LGG'] : ['imagesTr', 'labelsTr', 'imagesTs']);
  const objects: Record<string, { class: string; center: readonly number[]; radius: number }[]> = {};
  const ids: string[] = [];
  for (let number = 1; number <= complete.patients + complete.unlabelled; number++) {
    const id = `phantom_${String(number).padStart(3, '0')}`;
    ids.push(id);
    const phantom = createPhantom(complete, random.fork(id));
    objects[id] = phantom.objects.map(({ classIndex, radius, shape }) => ({
      class: complete.classes[classIndex!]!,
      center: shape.center,
      radius,
    }));
    const labelled = number <= complete.patients;
    if (isBrats) {
      await writeBratsCase(join(folder, number % 2 ? 'HGG' : 'LGG', id), id, phantom, complete.channels, labelled);
    } else {
      await writePhantom(folder, id, phantom, complete.channels.length, labelled);
    }
  }
  await writeJson(join(folder, 'objects.json'), objects);
  if (isBrats) return openBrats(folder);
  // Last, so that a folder with a description is complete.
  await writeJson(join(folder, 'dataset.json'), {
    name: 'Phantoms',
    description: `Artificial heads with small objects (seed ${complete.seed}); no patient's data.`,
    modality: Object.fromEntries(complete.channels.map((name, index) => [index, name])),
    labels: { 0: 'background', ...Object.fromEntries(complete.classes.map((name, index) => [index + 1, name])) },
    numTraining: complete.patients,
    numTest: complete.unlabelled,
    training: ids
      .slice(0, complete.patients)
      .map((id) => ({ image: `./imagesTr/${id}.nii.gz`, label: `./labelsTr/${id}.nii.gz` })),
    test: ids.slice(complete.patients).map((id) => `./imagesTs/${id}.nii.gz`),
  });
  return openMsd(folder);
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
