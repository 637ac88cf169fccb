import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { scalingAffine, type TypedNumberArray, writeNifti } from '@interseg/nifti';
import { DataError } from '@interseg/errors';
import { openFolder } from './folder.ts';
import { readCase } from '../cases/read-case.ts';

const root = await temporaryFolder();
let count = 0;
const image = Int16Array.of(5, 6);
const affine = scalingAffine([1, 1, 1]);

/** Writes a folder: voxels by path, of 2 × 1 × 1 or, when there are more, with a fourth axis. */
async function write(files: Record<string, TypedNumberArray>, description?: unknown): Promise<string> {
  const folder = join(root, `set${count++}`);
  for (const part of ['images', 'labels']) await mkdir(join(folder, part), { recursive: true });
  for (const [name, data] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    const shape = data.length === 2 ? [2, 1, 1] : [2, 1, 1, data.length / 2];
    await writeNifti(join(folder, name), { data, shape, affine });
  }
  if (description !== undefined) await writeFile(join(folder, 'dataset.json'), JSON.stringify(description));
  return folder;
}

async function refusal(path: string): Promise<string> {
  const error: unknown = await openFolder(path).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
}

describe('openFolder', () => {
  it('pairs images and labels by name and takes every label value as a class', async () => {
    const path = await write({
      'images/b.nii.gz': image,
      'images/a.nii': image,
      'images/new.nii': image,
      'labels/a.nii.gz': Uint8Array.of(0, 4),
      'labels/b.nii': Float32Array.of(2, 4),
    });
    await writeFile(join(path, 'images', '._a.nii'), 'x');
    await writeFile(join(path, 'labels', 'notes.txt'), 'x');
    const dataset = await openFolder(path);
    expect(dataset).toMatchObject({ folder: path, channels: ['channel 0'], modality: 'mr' });
    expect(dataset.problems).toEqual([
      `${path}/images: 1 of 3 cases have no label map, so only their images can be trained on; the first is new.`,
    ]);
    expect(dataset.classes).toEqual([
      { name: 'label 2', values: [2] },
      { name: 'label 4', values: [4] },
    ]);
    expect(dataset.cases).toEqual([
      { id: 'a', patient: 'a', images: [join(path, 'images/a.nii')], label: join(path, 'labels/a.nii.gz') },
      { id: 'b', patient: 'b', images: [join(path, 'images/b.nii.gz')], label: join(path, 'labels/b.nii') },
    ]);
    expect(dataset.unlabelled).toEqual([{ id: 'new', patient: 'new', images: [join(path, 'images/new.nii')] }]);
    expect([...(await readCase(dataset, dataset.cases[1]!)).labels!]).toEqual([2, 4]);
  });

  it('puts the channels of files with channel numbers together', async () => {
    const path = await write({
      'images/a_0001.nii.gz': Int16Array.of(7, 8),
      'images/a_0000.nii.gz': image,
      'labels/a.nii.gz': Uint8Array.of(0, 1),
    });
    const dataset = await openFolder(path);
    expect(dataset.channels).toEqual(['channel 0', 'channel 1']);
    expect(dataset.cases[0]!.id).toBe('a');
    const volume = await readCase(dataset, dataset.cases[0]!);
    expect(volume.channels).toEqual([Float32Array.of(5, 6), Float32Array.of(7, 8)]);
  });

  it('does not take the number of a patient for that of a channel', async () => {
    const path = await write({
      'images/p_0001.nii': Int16Array.of(1, 2, 3, 4),
      'images/p_0002.nii': Int16Array.of(1, 2, 3, 4),
      'labels/p_0001.nii': Uint8Array.of(0, 1),
    });
    const dataset = await openFolder(path);
    expect(dataset.cases.map(({ id }) => id)).toEqual(['p_0001']);
    expect(dataset.unlabelled.map(({ id }) => id)).toEqual(['p_0002']);
    // Counted in the file: a fourth axis of 2.
    expect(dataset.channels).toEqual(['channel 0', 'channel 1']);
  });

  it("takes names, regions and patients from a dataset.json, and nnU-Net's folders", async () => {
    const path = await write(
      {
        'imagesTr/a_0000.nii.gz': image,
        'imagesTr/b_0000.nii.gz': image,
        'labelsTr/a.nii.gz': Uint8Array.of(1, 3),
        'labelsTr/b.nii.gz': Uint8Array.of(1, 3),
        'imagesTs/c_0000.nii.gz': image,
      },
      {
        name: 'Mine',
        channel_names: { 0: 'CT' },
        labels: { background: 0, 'whole tumour': [1, 2, 3], core: [2, 3], enhancing: 3 },
        patients: { a: 'ann', b: 'ann' },
      },
    );
    for (const part of ['images', 'labels']) await rm(join(path, part), { recursive: true });
    const dataset = await openFolder(path);
    expect(dataset).toMatchObject({ name: 'Mine', channels: ['CT'], modality: 'ct' });
    expect(dataset.classes).toEqual([
      { name: 'whole tumour', values: [1, 2, 3] },
      { name: 'core', values: [2, 3] },
      { name: 'enhancing', values: [3] },
    ]);
    expect(dataset.cases.map(({ patient }) => patient)).toEqual(['ann', 'ann']);
    expect(dataset.unlabelled.map(({ id }) => id)).toEqual(['c']);
    const classes = [{ name: 'all', values: [1, 3] }];
    expect(dataset.problems).toEqual([]);
    expect(await openFolder(path, { classes, channels: ['T1'], modality: 'mr' })).toMatchObject({
      classes,
      channels: ['T1'],
      modality: 'mr',
    });
  });

  it('names what is missing or does not fit', async () => {
    expect(await refusal(join(root, 'none'))).toMatch(/none: no such file, expected a folder with images and labels/);
    expect(await refusal(await write({}))).toMatch(/images: found no \.nii or \.nii\.gz file/);
    const label = Uint8Array.of(0, 1);
    const orphan = await write({ 'images/a.nii': image, 'labels/b.nii': label });
    expect(await refusal(orphan)).toBe(
      `${orphan}/labels/b.nii: found no image of this name, expected b in ${orphan}/images.`,
    );
    const twice = await write({ 'images/a.nii': image, 'images/a.nii.gz': image, 'labels/a.nii': label });
    expect(await refusal(twice)).toMatch(/images: found a\.nii and a\.nii\.gz, expected only one/);
    const labels = await write({ 'images/a.nii': image, 'labels/a.nii': label, 'labels/a.nii.gz': label });
    expect(await refusal(labels)).toMatch(/labels\/a\.nii\.gz: found also .*labels\/a\.nii, expected one label map/);
    const channel = await write({
      'images/a_0000.nii': image,
      'images/a_0001.nii': image,
      'images/b_0001.nii': image,
      'labels/a.nii': label,
    });
    expect(await refusal(channel)).toBe(
      `${channel}/images: the case b has b_0001.nii, expected the channels 0000 to 0001, once each, as the first case has.`,
    );
    const again = await write({ 'images/a.nii': image, 'labels/a.nii': label, 'imagesTs/a.nii': image });
    expect(await refusal(again)).toMatch(/found the case a twice/);
  });

  it('refuses label maps that are none when it has to read them', async () => {
    const of = (label: TypedNumberArray): Promise<string> => write({ 'images/a.nii': image, 'labels/a.nii': label });
    expect(await refusal(await of(Uint8Array.of(0, 0)))).toMatch(/labels: found no label above 0 in 1 label maps/);
    expect(await refusal(await of(Float32Array.of(0, 0.5)))).toMatch(
      /labels\/a\.nii: found the value 0\.5, expected a label/,
    );
    expect(await refusal(await of(Int16Array.of(-1, 1)))).toMatch(/found the value -1/);
    const path = await of(Uint8Array.of(0, 1));
    const values = Uint16Array.from({ length: 300 }, (_, index) => index);
    await writeNifti(join(path, 'labels/a.nii'), { data: values, shape: [300, 1, 1], affine });
    expect(await refusal(path)).toMatch(/labels\/a\.nii: found more than 255 different values/);
  });

  it.each([
    [{ labels: { tumour: [] } }, /"labels" has "tumour": \[\], expected the name of a class and its label value/],
    [{ labels: { tumour: [0, 1] } }, /"labels" has "tumour": \[0,1\]/],
    [{ labels: { tumour: 1, ignore: 2 } }, /"labels" has "ignore": 2/],
    [{ labels: { tumour: 1.5 } }, /"labels" has "tumour": 1\.5/],
    [{ labels: { background: 0 } }, /no class besides the background/],
    [{ patients: { a: 1 } }, /"patients" is an object, expected/],
    [{ channel_names: {} }, /"channel_names" is an object, expected \{"0"/],
    [{ channel_names: { 0: 'T1' } }, /"channel_names" has 1 channels, expected 2, the number of files of a case/],
  ])('refuses the description %j', async (description, message) => {
    const path = await write(
      { 'images/a_0000.nii': image, 'images/a_0001.nii': image, 'labels/a.nii': Uint8Array.of(0, 1) },
      description,
    );
    expect(await refusal(path)).toMatch(message);
  });
});
