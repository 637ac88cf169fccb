import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { OptionError } from '@interseg/errors';
import { scalingAffine, writeNifti } from '@interseg/nifti';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { sequences, writeBrats } from '../../test/brats-folder.ts';
import { writeMsd } from '../../test/msd-folder.ts';
import { readCase } from '../cases/read-case.ts';
import type { DataSet } from '../dataset.ts';
import type { DatasetFolder, Layout } from './layout.ts';
import { openDataset } from './open-dataset.ts';
import { registerLayouts } from './register-plugin.ts';
import { defineLayout, layouts } from './registry.ts';

const root = await temporaryFolder();
const content = { shape: [1, 1, 1], image: Uint8Array.of(5), label: Uint8Array.of(1) };

/** A folder of cases, each with `image.nii` and `mask.nii`, if a file says so. */
const caseFolders = {
  name: 'case-folders',
  title: 'A folder for each case',
  description: 'a file cases.txt beside folders with image.nii and mask.nii',
  marks: ['cases.txt'],
  detect({ files }: DatasetFolder) {
    // As a method, which finds what else is in its object.
    return this.marks.every((name) => files.includes(name));
  },
  async open({ path, folders }: DatasetFolder): Promise<DataSet> {
    const cases = folders.map((id) => {
      return { id, patient: id, images: [join(path, id, 'image.nii')], label: join(path, id, 'mask.nii') };
    });
    const classes = [{ name: 'lesion', values: [1] }];
    return {
      ...{ name: basename(path), folder: path, channels: ['T1'], modality: 'mr' as const, classes },
      ...{ cases, unlabelled: [], problems: [] },
    };
  },
};

async function folderOf(name: string): Promise<string> {
  const folder = join(root, name);
  await mkdir(join(folder, 'a'), { recursive: true });
  await writeFile(join(folder, 'cases.txt'), '');
  const affine = scalingAffine([1, 1, 1]);
  await writeNifti(join(folder, 'a', 'image.nii'), { data: Uint8Array.of(7, 9), shape: [2, 1, 1], affine });
  await writeNifti(join(folder, 'a', 'mask.nii'), { data: Uint8Array.of(0, 1), shape: [2, 1, 1], affine });
  return folder;
}

/** Registered once, as nothing can be taken out; it matches no folder unless a test lets it. */
let replaced: Partial<Layout> = {};
const changing: Layout = {
  ...{ name: 'changing', title: 'Changing', description: 'whatever a test wants' },
  detect: (folder) => replaced.detect?.(folder) ?? false,
  open: (folder) => replaced.open!(folder),
};
afterEach(() => {
  replaced = {};
});

describe('layouts', () => {
  it('are the built-in ones, then those that are defined, which open the folders that they recognise', async () => {
    expect(layouts().map(({ name }) => name)).toEqual(['msd', 'brats', 'folder']);
    const folder = await folderOf('mine');
    await expect(openDataset(folder)).rejects.toThrow(/found no layout of a data set, expected dataset\.json .*, or/);
    expect(defineLayout(caseFolders)).toBe(caseFolders);
    defineLayout(caseFolders);
    defineLayout(changing);
    expect(layouts().map(({ name }) => name)).toEqual(['msd', 'brats', 'folder', 'case-folders', 'changing']);
    const dataset = await openDataset(folder);
    const { channels, labels } = await readCase(dataset, dataset.cases[0]!);
    expect([channels, labels]).toEqual([[Float32Array.of(7, 9)], Uint8Array.of(0, 1)]);
  });

  it('that are defined are asked first, the latest before the others, and leave other folders alone', async () => {
    const folder = await folderOf('described');
    await writeFile(join(folder, 'dataset.json'), '{"cases": "in folders"}');
    expect((await openDataset(folder)).channels).toEqual(['T1']);
    replaced = {
      detect: async () => true,
      open: async (seen) => ({ ...(await caseFolders.open(seen)), name: 'latest' }),
    };
    expect((await openDataset(folder)).name).toBe('latest');
    replaced = {};
    const msd = await openDataset(await writeMsd(join(root, 'msd'), [{ id: 'one', ...content }]));
    expect(msd.name).toBe('Test');
  });

  it('that are built in each have their own folders, where a folder looks like several', async () => {
    const brats = await writeBrats(join(root, 'brats'), [{ grade: 'HGG', id: 'a', files: sequences() }]);
    const file = { data: Uint8Array.of(1), shape: [1, 1, 1], affine: scalingAffine([1, 1, 1]) };
    for (const part of ['images', 'labels']) {
      await mkdir(join(brats, part));
      await writeNifti(join(brats, part, 'b.nii'), file);
    }
    expect((await openDataset(brats)).classes).toHaveLength(3);
    await writeFile(join(brats, 'dataset.json'), '{"name": "Described"}');
    expect((await openDataset(brats)).name).toBe('Described');
    await writeFile(join(brats, 'dataset.json'), '{"training": []}');
    await expect(openDataset(brats)).rejects.toThrow('"modality" is nothing');
    await writeFile(join(brats, 'dataset.json'), '{');
    await expect(openDataset(brats)).rejects.toThrow(/broken JSON .* expected the description of a data set\.$/);
  });

  it('have names that can be written anywhere, each once', () => {
    expect(() => defineLayout({ ...caseFolders, name: 'My layout' })).toThrow(OptionError);
    expect(() => defineLayout({ ...caseFolders, name: 'My layout' })).toThrow('lower-case letters and digits');
    expect(() => defineLayout({ ...caseFolders, name: 'msd' })).toThrow("A layout named 'msd' is defined already.");
  });

  it.each<[string, (dataset: DataSet) => unknown, string]>([
    ['nothing', () => undefined, 'nothing, expected a data set.'],
    ['no channels', (all) => ({ ...all, channels: [] }), 'a list of 0 as channels, expected a list of names.'],
    ['a modality', (all) => ({ ...all, modality: 'us' }), `"us" as modality, expected 'mr' or 'ct'.`],
    ['a class', (all) => ({ ...all, classes: [{ name: 'x', values: [0] }] }), 'as classes[0].values, expected a list'],
    ['a path', (all) => ({ ...all, cases: [{ ...all.cases[0], images: ['a.nii'] }] }), 'as cases[0].images, expected'],
    ['no label', (all) => ({ ...all, cases: [{ ...all.cases[0], label: undefined }] }), 'nothing as cases[0].label'],
    ['a twin', (all) => ({ ...all, unlabelled: all.cases }), 'the case a twice, expected every case once.'],
  ])('that return %s are refused by their name', async (_, change, message) => {
    const folder = await folderOf('changed');
    replaced = { detect: () => true, open: async (seen) => change(await caseFolders.open(seen)) as DataSet };
    await expect(openDataset(folder)).rejects.toThrow(OptionError);
    await expect(openDataset(folder)).rejects.toThrow("The layout 'changing' returned ");
    await expect(openDataset(folder)).rejects.toThrow(message);
  });
});

describe('the layouts of a plugin', () => {
  it('are defined, however often', () => {
    const layout = { ...caseFolders, name: 'of-plugin', marks: ['never'] };
    for (let time = 0; time < 2; time++) registerLayouts('mine', [layout]);
    expect(layouts().filter(({ name }) => name === 'of-plugin')).toEqual([layout]);
  });

  it.each<[unknown, string]>([
    [{}, 'a value of type object as layouts, expected a list'],
    [[null], 'nothing as layouts[0].name, expected a string'],
    [[caseFolders, { ...caseFolders, detect: 'always' }], "'always' as layouts[1].detect, expected a function"],
    [[{ ...caseFolders }], "A layout named 'case-folders' is defined already"],
  ])('are refused by the name of the plugin: %o', (list, message) => {
    expect(() => registerLayouts('interseg-broken', list)).toThrow(OptionError);
    expect(() => registerLayouts('interseg-broken', list)).toThrow(/^Plugin interseg-broken: /);
    expect(() => registerLayouts('interseg-broken', list)).toThrow(message);
  });
});
