import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DataError } from '@interseg/errors';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../tools/build/temporary-folder.ts';
import { writeAtomically } from './write-atomically.ts';

const folder = await temporaryFolder();
const path = join(folder, 'history.csv');

describe('writeAtomically', () => {
  it('shows the old content until the new one is complete, and leaves nothing else behind', async () => {
    await writeFile(path, 'old');
    await writeAtomically(path, async (temporary) => {
      expect(dirname(temporary)).toBe(folder);
      // Hidden, so that nobody who lists the folder takes it for a file of its own.
      expect(basename(temporary)).toMatch(/^\.history\.csv\.[0-9a-f]{12}\.tmp$/);
      await writeFile(temporary, 'half');
      expect(await readFile(path, 'utf8')).toBe('old');
      await writeFile(temporary, 'new');
    });
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['history.csv']);
  });

  it('keeps the old content when writing fails, and throws what went wrong', async () => {
    const fault = new Error('no luck');
    const failing = writeAtomically(path, async (temporary) => {
      await writeFile(temporary, 'half');
      throw fault;
    });
    await expect(failing).rejects.toBe(fault);
    expect([await readFile(path, 'utf8'), await readdir(folder)]).toEqual(['new', ['history.csv']]);
  });

  it('lets several write the same file at once: one of them wins whole', async () => {
    const texts = Array.from({ length: 8 }, (_, index) => String(index).repeat(10_000));
    await Promise.all(texts.map((text) => writeAtomically(path, (temporary) => writeFile(temporary, text))));
    expect(texts).toContain(await readFile(path, 'utf8'));
    expect(await readdir(folder)).toEqual(['history.csv']);
  });

  it('names the file when the folder is missing or the name is taken by a folder', async () => {
    const write = (target: string) => writeAtomically(target, (temporary) => writeFile(temporary, 'x'));
    const lost = join(folder, 'none', 'a.csv');
    await expect(write(lost)).rejects.toThrow(
      new DataError(`${lost}: no such file, expected a file in a folder that exists and can be written to.`),
    );
    await expect(write(folder)).rejects.toThrow(`${folder}: `);
    expect((await readdir(dirname(folder))).filter((name) => name.startsWith(`.${basename(folder)}`))).toEqual([]);
  });
});
