import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../../tools/build/temporary-folder.ts';
import { DataError } from '@interseg/errors';
import { channelFromFileName, findCaseImages } from './case-folder.ts';

const root = await temporaryFolder();

async function folderWith(name: string, files: readonly string[]): Promise<string> {
  await mkdir(join(root, name));
  for (const file of files) await writeFile(join(root, name, file), '');
  return join(root, name);
}

it('finds the files of the channels by their names, or by numbers when no name is that of a channel', async () => {
  const brats = await folderWith('a', [
    'a_flair.nii',
    'a_seg.nii',
    'a_t1.nii',
    'a_t1ce.nii.gz',
    '._a_t1.nii',
    'a_t1.txt',
  ]);
  expect(await findCaseImages(brats, ['t1', 't1ce', 'flair'])).toEqual(
    ['a_t1.nii', 'a_t1ce.nii.gz', 'a_flair.nii'].map((name) => join(brats, name)),
  );
  const numbered = await folderWith('b', ['b_0001.nii', 'b_0000.nii']);
  expect(await findCaseImages(numbered, ['T1', 'FLAIR'])).toEqual(
    ['b_0000.nii', 'b_0001.nii'].map((name) => join(numbered, name)),
  );
  expect(channelFromFileName('/x_t1/y_t1ce.nii.gz', ['t1', 't1ce'])).toBe('t1ce');
  expect(channelFromFileName('x_t2.nii', ['t1', 't1ce'])).toBeUndefined();
});

it('names the channel without a file or with several', async () => {
  const folder = await folderWith('c', ['c_t1.nii', 'c_t2.nii', 'd_t2.nii']);
  const attempt = findCaseImages(folder, ['t1', 'flair']);
  await expect(attempt).rejects.toThrow(DataError);
  await expect(attempt).rejects.toThrow(
    `${folder}: no file for the channel flair, expected one image whose name ends in _flair, and so for each of t1, flair.`,
  );
  await expect(findCaseImages(folder, ['t1', 't2'])).rejects.toThrow('c_t2.nii and d_t2.nii for the channel t2');
  await expect(findCaseImages(join(root, 'none'), ['t1'])).rejects.toThrow(/none: no such file/);
});
