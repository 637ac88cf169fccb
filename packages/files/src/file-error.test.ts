import { readFile } from 'node:fs/promises';
import { DataError } from '@interseg/errors';
import { describe, expect, it } from 'vitest';
import { fileError, isDiskFull } from './file-error.ts';

const systemError = (code: string): Error => Object.assign(new Error(`${code}: as Node says it`), { code });

describe('fileError', () => {
  it.each([
    ['ENOENT', 'no such file'],
    ['ENOTDIR', 'a part of the path is not a folder'],
    ['EISDIR', 'it is a folder'],
    ['EACCES', 'no permission'],
    ['EPERM', 'no permission'],
    ['EROFS', 'the file system is read-only'],
    ['EIO', 'EIO: as Node says it'],
  ])('says in one sentence what %s means, with the cause', (code, reason) => {
    const cause = systemError(code);
    const error = fileError('a/b.nii', cause, 'a NIfTI file') as Error;
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toBe(`a/b.nii: ${reason}, expected a NIfTI file.`);
    expect(error.cause).toBe(cause);
    expect(isDiskFull(error)).toBe(false);
  });

  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EDQUOT', 'the quota of the disk is used up'],
  ])('does not blame the input for %s', (code, reason) => {
    const error = fileError('history.csv', systemError(code), 'a file') as Error;
    expect(error).not.toBeInstanceOf(DataError);
    expect(error.message).toBe(`history.csv: ${reason}, expected a file.`);
    expect([isDiskFull(error), isDiskFull(error.cause)]).toEqual([true, true]);
  });

  it('returns what is not from the operating system, and what names a file already', async () => {
    for (const other of [new Error('a bug'), new DataError('x.nii: broken.'), 'text', undefined]) {
      expect(fileError('a.nii', other, 'a file')).toBe(other);
      expect(isDiskFull(other)).toBe(false);
    }
    const thrown: unknown = await readFile(import.meta.dirname).catch((error: unknown) => error);
    expect((fileError('src', thrown, 'a file') as Error).message).toBe('src: it is a folder, expected a file.');
  });
});
