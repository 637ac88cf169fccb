import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@interseg/errors';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../tools/build/temporary-folder.ts';
import { createOnce } from './create-once.ts';

it('lets the first of many writers win, and leaves nothing else behind', async () => {
  for (let time = 0; time < 20; time++) {
    const folder = await temporaryFolder();
    const path = join(folder, 'metrics.json');
    const created = await Promise.all(Array.from({ length: 16 }, (_, index) => createOnce(path, `by ${index}`)));
    expect(created.filter(Boolean)).toHaveLength(1);
    expect(await readFile(path, 'utf8')).toBe(`by ${created.indexOf(true)}`);
    expect(await createOnce(path, 'later')).toBe(false);
    expect(await readFile(path, 'utf8')).toBe(`by ${created.indexOf(true)}`);
    expect(await readdir(folder)).toEqual(['metrics.json']);
  }
});

it('names a folder that is missing', async () => {
  const path = join(await temporaryFolder(), 'no', 'metrics.json');
  await expect(createOnce(path, '')).rejects.toThrow(DataError);
  await expect(createOnce(path, '')).rejects.toThrow(`${path}: no such file, expected a file in a folder that exists`);
});
