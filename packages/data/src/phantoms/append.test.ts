import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, OptionError } from '@interseg/errors';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { inspect } from '../inspection/inspect.ts';
import { generatePhantoms } from './generate.ts';
import type { PhantomOptions } from './options.ts';

const root = await temporaryFolder();
const options: PhantomOptions = { shape: [16, 16, 6], spacing: [9, 9, 14], seed: 3, erodedMasks: 0.5 };
const one = { ...options, patients: 1 };

it('makes the patients that would have been made at once', async () => {
  const [parts, whole] = [join(root, 'parts'), join(root, 'whole')];
  await generatePhantoms(parts, one);
  await generatePhantoms(parts, { ...one, append: true });
  await generatePhantoms(parts, { ...one, unlabelled: 2, append: true });
  await generatePhantoms(whole, { ...options, patients: 3, unlabelled: 2 });
  const labels = [1, 2, 3].map((number) => `labelsTr/phantom_00${number}.nii.gz`);
  const images = [...labels.map((path) => path.replace('labels', 'images')), 'imagesTs/phantom_005.nii.gz'];
  for (const path of ['dataset.json', 'objects.json', ...labels, ...images]) {
    expect((await readFile(join(parts, path))).equals(await readFile(join(whole, path))), path).toBe(true);
  }
});

it('goes on after patients without labels, with patients of another kind', async () => {
  const folder = join(root, 'kinds');
  await generatePhantoms(folder, { ...one, unlabelled: 1 });
  const other = { shape: [20, 20, 4], spacing: [7.2, 7.2, 21], noise: 0.2, biasField: 0.8, contrast: 0.2 } as const;
  const dataset = await generatePhantoms(folder, { ...one, ...other, unlabelled: 1, append: true });
  expect(dataset.cases.map(({ id }) => id)).toEqual(['phantom_001', 'phantom_003']);
  expect(dataset.unlabelled.map(({ id }) => id)).toEqual(['phantom_002', 'phantom_004']);
  const { cases } = await inspect(dataset);
  expect(cases.map(({ shape, problems }) => [shape, problems])).toEqual(
    [
      [16, 16, 6],
      [20, 20, 4],
      [16, 16, 6],
      [20, 20, 4],
    ].map((shape) => [shape, []]),
  );
});

it('refuses to append to anything but phantoms with the same channels and classes', async () => {
  const folder = join(root, 'refusing');
  const append = (more: PhantomOptions = {}): Promise<unknown> =>
    generatePhantoms(folder, { ...one, append: true, ...more });
  await expect(append()).rejects.toThrow(DataError);
  await generatePhantoms(folder, one);
  const before = await readFile(join(folder, 'dataset.json'), 'utf8');
  await expect(append({ layout: 'brats' })).rejects.toThrow('The option append is true, expected false, or the layout');
  await expect(append({ classes: ['cyst'] })).rejects.toThrow(OptionError);
  await expect(append({ classes: ['cyst'] })).rejects.toThrow('The option classes is cyst, expected lesion as in');
  await expect(append({ channels: ['T2'] })).rejects.toThrow('The option channels is T2, expected T1 as in');
  await cp(join(folder, 'imagesTr/phantom_001.nii.gz'), join(folder, 'imagesTs/other.nii.gz'));
  await writeFile(join(folder, 'dataset.json'), before.replace('"test": []', '"test": ["./imagesTs/other.nii.gz"]'));
  await expect(append()).rejects.toThrow(/dataset\.json: found the case other, expected phantom_001 /);
});
