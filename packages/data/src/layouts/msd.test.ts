import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { writeMsd } from '../../test/msd-folder.ts';
import { DataError } from '@interseg/errors';
import { inspect } from '../inspection/inspect.ts';
import { openMsd } from './msd.ts';
import { readCase } from '../cases/read-case.ts';

const root = await temporaryFolder();
let count = 0;
const folder = (): string => join(root, `set${count++}`);
const voxel = { shape: [1, 1, 1], image: Uint8Array.of(5) };
const labelled = (id: string): typeof voxel & { id: string; label: Uint8Array } => ({
  id,
  ...voxel,
  label: Uint8Array.of(1),
});

async function refusal(path: string): Promise<string> {
  const error: unknown = await openMsd(path).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
}

describe('openMsd', () => {
  it('reads what dataset.json says', async () => {
    const path = await writeMsd(
      folder(),
      [labelled('b_1'), { ...labelled('a_2'), patient: 'ann' }, { id: 'c', ...voxel }],
      {
        modality: { 0: 'FLAIR', 1: 'T1w' },
        labels: { 10: 'core', 0: 'background', 2: 'edge' },
      },
    );
    const dataset = await openMsd(path);
    expect(dataset).toMatchObject({ name: 'Test', folder: path, channels: ['FLAIR', 'T1w'], modality: 'mr' });
    expect(dataset.classes).toEqual([
      { name: 'edge', values: [2] },
      { name: 'core', values: [10] },
    ]);
    expect(dataset.cases).toEqual([
      {
        id: 'b_1',
        patient: 'b_1',
        images: [join(path, 'imagesTr/b_1.nii.gz')],
        label: join(path, 'labelsTr/b_1.nii.gz'),
      },
      {
        id: 'a_2',
        patient: 'ann',
        images: [join(path, 'imagesTr/a_2.nii.gz')],
        label: join(path, 'labelsTr/a_2.nii.gz'),
      },
    ]);
    expect(dataset.unlabelled).toEqual([{ id: 'c', patient: 'c', images: [join(path, 'imagesTs/c.nii.gz')] }]);
  });

  it('takes a set without a test part and without counts, and ignores the files of macOS', async () => {
    const path = await writeMsd(folder(), [labelled('a')], {
      test: undefined,
      modality: { 0: 'CT' },
      training: [
        { image: './imagesTr/._a.nii.gz', label: './labelsTr/._a.nii.gz' },
        { image: './imagesTr/a.nii.gz', label: './labelsTr/a.nii.gz' },
      ],
    });
    const dataset = await openMsd(path);
    expect(dataset.cases.map(({ id }) => id)).toEqual(['a']);
    expect(dataset.unlabelled).toEqual([]);
    expect(dataset.modality).toBe('ct');
  });

  it('trains without the images of the test part, and tells which are missing', async () => {
    const path = await writeMsd(folder(), [labelled('a'), { id: 'c', ...voxel }], {
      test: ['./imagesTs/b.nii.gz', './imagesTs/c.nii.gz', { image: './imagesTs/d.nii.gz' }, './imagesTs/._c.nii.gz'],
    });
    const dataset = await openMsd(path);
    expect(dataset.unlabelled.map(({ id }) => id)).toEqual(['c']);
    expect(dataset.problems).toEqual([
      `${path}/dataset.json: 2 of 3 images in "test" are missing, the first is ${path}/imagesTs/b.nii.gz.`,
    ]);
    await rm(join(path, 'imagesTs'), { recursive: true });
    expect((await inspect(await openMsd(path))).problems[0]).toMatch(/3 of 3 images in "test" are missing/);
  });

  it('takes a label map of three axes for an image of four', async () => {
    const two = { id: 'a', shape: [1, 1, 1, 2], image: Uint8Array.of(5, 6), label: Uint8Array.of(1) };
    const dataset = await openMsd(await writeMsd(folder(), [two], { modality: { 0: 'FLAIR', 1: 'T1w' } }));
    const volume = await readCase(dataset, dataset.cases[0]!);
    expect(volume.channels).toEqual([Float32Array.of(5), Float32Array.of(6)]);
    expect([...volume.labels!]).toEqual([1]);
  });

  it('names what is missing', async () => {
    expect(await refusal(join(root, 'none'))).toMatch(/none: no such file, expected a folder/);
    const empty = folder();
    await mkdir(empty);
    expect(await refusal(empty)).toMatch(/dataset\.json: no such file/);
    const path = await writeMsd(folder(), [labelled('a'), labelled('b')]);
    await rm(join(path, 'labelsTr/b.nii.gz'));
    expect(await refusal(path)).toMatch(
      /labelsTr\/b\.nii\.gz: no such file, expected the file that .*dataset\.json names\.$/,
    );
    await writeFile(join(path, 'dataset.json'), '{"name": "x",');
    expect(await refusal(path)).toMatch(/dataset\.json: broken JSON/);
    await writeFile(join(path, 'dataset.json'), '[1]');
    expect(await refusal(path)).toMatch(/dataset\.json: found a list of 1/);
    expect(await refusal(join(path, 'dataset.json'))).toMatch(/found no folder/);
  });

  it.each([
    ['/etc/passwd.nii'],
    ['../outside.nii.gz'],
    ['./imagesTr/../../outside.nii.gz'],
    ['C:\\outside.nii'],
    ['..\\outside.nii'],
  ])('refuses the path %s', async (image) => {
    const path = await writeMsd(folder(), [labelled('a')], { training: [{ image, label: './labelsTr/a.nii.gz' }] });
    expect(await refusal(path)).toMatch(/dataset\.json: found the path .*expected a file inside the folder/);
    const test = await writeMsd(folder(), [labelled('a')], { test: [image] });
    expect(await refusal(test)).toMatch(/inside the folder/);
  });

  it.each([
    ['modality', undefined, /"modality" is nothing/],
    ['modality', { 1: 'T1' }, /no name for channel 0/],
    ['labels', { 0: 'background' }, /no class besides the background/],
    ['labels', { one: 'lesion' }, /"labels" has "one"/],
    ['labels', { 1: 'a', 2: 'a' }, /the name "a" twice/],
    ['labels', 'lesion', /"labels" is "lesion"/],
    ['training', undefined, /"training" is nothing/],
    ['training', ['./imagesTr/a.nii.gz'], /entry 0 of "training"/],
    ['training', [{ image: './imagesTr/a.nrrd', label: './x.nii' }], /a\.nrrd.*expected a \.nii/],
    ['test', [3], /entry 0 of "test" is 3/],
    ['test', ['./imagesTr/a.nii.gz'], /found the case a twice/],
  ])('refuses %s = %j', async (field, value, message) => {
    const path = await writeMsd(folder(), [labelled('a')], { [field]: value });
    expect(await refusal(path)).toMatch(message);
  });
});
