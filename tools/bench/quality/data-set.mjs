import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { families, phantomSeed, splitOf } from './families.mjs';

/**
 * Makes a data set of a family, unless it is there: all labelled patients as one folder in the layout of MSD (or BraTS)
 * for training, the images of the test patients by themselves, and what the competitors and the scoring need to know.
 * No competitor sees a test label.
 *
 * @param {string} work folder for all data sets
 * @param {(words: string[]) => Promise<void>} interseg runs the `interseg` command
 * @returns the description, which is in `set.json`, too
 */
export async function makeDataSet(work, family, seed, interseg) {
  const folder = join(work, 'data', `${family}-${seed}`);
  const { phantom, patients, classes } = families[family];
  const split = splitOf(families[family]);
  const isBrats = phantom.layout === 'brats';
  const description = {
    family,
    seed,
    folder,
    /** The patients for training and validation. */
    training: join(folder, 'training'),
    split: join(folder, 'split.json'),
    testImages: join(folder, 'test-images'),
    testLabels: join(folder, 'test-labels'),
    channels: isBrats ? ['t1', 't1ce', 't2', 'flair'] : [phantom.modality === 'ct' ? 'CT' : 'T1'],
    layout: isBrats ? 'brats' : 'msd',
    classes,
    parts: split,
  };
  if (existsSync(join(folder, 'set.json'))) return description;
  // Under another name until it is complete: another race may want the same.
  const making = `${folder}.${process.pid}`;
  rmSync(making, { recursive: true, force: true });
  for (const name of ['test-images', 'test-labels']) mkdirSync(join(making, name), { recursive: true });
  const number = patients.train + patients.validation + patients.test;
  const flags = { ...phantom, patients: number, seed: phantomSeed(family, seed) };
  const words = Object.entries(flags).flatMap(([name, value]) => [`--${kebab(name)}`, String(value)]);
  await interseg(['data', 'phantom', '--out', join(making, 'training'), ...words]);
  for (const id of split.test) (isBrats ? moveBratsCase : moveMsdCase)(making, id);
  if (!isBrats) forgetCases(join(making, 'training', 'dataset.json'), split.test);
  renameSync(join(making, 'training', 'objects.json'), join(making, 'objects.json'));
  const { train, validation } = split;
  writeJson(join(making, 'split.json'), { train, validation, test: [] });
  writeJson(join(making, 'set.json'), description);
  if (existsSync(folder)) rmSync(making, { recursive: true });
  else renameSync(making, folder);
  return description;
}

function moveMsdCase(folder, id) {
  renameSync(join(folder, 'training', 'imagesTr', `${id}.nii.gz`), join(folder, 'test-images', `${id}.nii.gz`));
  renameSync(join(folder, 'training', 'labelsTr', `${id}.nii.gz`), join(folder, 'test-labels', `${id}.nii.gz`));
}

function forgetCases(path, ids) {
  const dataset = JSON.parse(readFileSync(path, 'utf8'));
  const training = dataset.training.filter(({ image }) => !ids.some((id) => image.endsWith(`/${id}.nii.gz`)));
  writeJson(path, { ...dataset, numTraining: training.length, training });
}

function moveBratsCase(folder, id) {
  const grade = ['HGG', 'LGG'].find((name) => existsSync(join(folder, 'training', name, id)));
  const images = join(folder, 'test-images', id);
  renameSync(join(folder, 'training', grade, id), images);
  renameSync(join(images, `${id}_seg.nii.gz`), join(folder, 'test-labels', `${id}.nii.gz`));
}

function writeJson(path, value) {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}

function kebab(name) {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
