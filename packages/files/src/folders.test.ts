import { mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@interseg/errors';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../tools/build/temporary-folder.ts';
import { exists, listFolder, makeFolder } from './folders.ts';

const root = await temporaryFolder();

describe('listFolder', () => {
  it('sorts files and folders by code units, follows links, and leaves hidden and broken ones out', async () => {
    const folder = join(root, 'listed');
    for (const name of ['b', 'Z', 'é', '.git']) await mkdir(join(folder, name), { recursive: true });
    for (const name of ['10.nii', '9.nii', 'a.nii', '._a.nii', '.DS_Store']) await writeFile(join(folder, name), '');
    await symlink(join(folder, 'b'), join(folder, 'to-folder'));
    await symlink(join(folder, '9.nii'), join(folder, 'to-file'));
    await symlink(join(folder, 'nowhere'), join(folder, 'to-nowhere'));
    expect(await listFolder(folder, 'images')).toEqual({
      files: ['10.nii', '9.nii', 'a.nii', 'to-file'],
      folders: ['Z', 'b', 'to-folder', 'é'],
    });
  });

  it('names a folder that is missing or none', async () => {
    const missing = join(root, 'missing');
    await expect(listFolder(missing, 'a folder of images')).rejects.toThrow(
      new DataError(`${missing}: no such file, expected a folder of images.`),
    );
    const file = join(root, 'file');
    await writeFile(file, '');
    await expect(listFolder(file, 'images')).rejects.toThrow(DataError);
    await expect(listFolder(file, 'images')).rejects.toThrow(`${file}: a part of the path is not a folder, expected`);
  });
});

describe('makeFolder', () => {
  it('creates a folder with its parents, and leaves one that is there alone', async () => {
    const folder = join(root, 'a', 'b', 'c');
    await makeFolder(folder);
    await writeFile(join(folder, 'kept'), '');
    await makeFolder(folder);
    expect((await listFolder(folder, 'a folder')).files).toEqual(['kept']);
  });

  it('names what it cannot create', async () => {
    const file = join(root, 'in-the-way');
    await writeFile(file, '');
    for (const path of [file, join(file, 'inside')]) {
      await expect(makeFolder(path)).rejects.toThrow(DataError);
      await expect(makeFolder(path)).rejects.toThrow(`${path}: `);
      await expect(makeFolder(path)).rejects.toThrow('expected a folder that can be made and written to.');
    }
    expect((await stat(file)).isFile()).toBe(true);
  });
});

it('exists: files, folders and links to them, not links to nowhere', async () => {
  await writeFile(join(root, 'there'), '');
  await symlink(join(root, 'there'), join(root, 'link'));
  await symlink(join(root, 'not-there'), join(root, 'broken'));
  const found = ['there', 'link', '.', 'broken', 'not-there', 'there/inside'].map((name) => exists(join(root, name)));
  expect(await Promise.all(found)).toEqual([true, true, true, false, false, false]);
});
