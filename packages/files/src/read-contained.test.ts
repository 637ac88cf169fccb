import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DataError } from '@interseg/errors';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../tools/build/temporary-folder.ts';
import { readContained } from './read-contained.ts';

const root = await temporaryFolder();
const folder = join(root, 'model');
await mkdir(join(folder, 'inside'), { recursive: true });
await writeFile(join(folder, 'weights.bin'), 'weights');
await writeFile(join(folder, 'inside', 'weights.bin'), 'weights');
await writeFile(join(root, 'secret'), 'secret!');

async function refusal(name: string, size: Parameters<typeof readContained>[2] = { atMost: 100 }): Promise<string> {
  const error: unknown = await readContained(folder, name, size, 'weights').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
}

describe('readContained', () => {
  it('reads a file of the size that is known, or smaller than the limit', async () => {
    for (const size of [{ exactly: 7 }, { atMost: 7 }, { atMost: 100 }]) {
      expect((await readContained(folder, 'weights.bin', size, 'weights')).toString()).toBe('weights');
    }
    // The folder itself may be a link.
    await symlink(folder, join(root, 'link-to-model'));
    const content = await readContained(join(root, 'link-to-model'), 'weights.bin', { exactly: 7 }, 'weights');
    expect(content.toString()).toBe('weights');
  });

  it('refuses names and links that lead elsewhere', async () => {
    await symlink(join(root, 'secret'), join(folder, 'linked.bin'));
    await symlink(join(folder, 'inside', 'weights.bin'), join(folder, 'linked-inside.bin'));
    for (const name of ['../secret', 'inside/weights.bin', 'linked.bin', 'linked-inside.bin', './weights.bin']) {
      expect(await refusal(name)).toMatch(/: found a file outside its folder, expected weights\.$/);
    }
    expect(await refusal('missing.bin')).toBe(`${join(folder, 'missing.bin')}: no such file, expected weights.`);
  });

  it('refuses other sizes, and what is not a regular file', async () => {
    expect(await refusal('weights.bin', { exactly: 8 })).toMatch(/found 7 bytes, expected 8 bytes: weights\.$/);
    expect(await refusal('weights.bin', { atMost: 6 })).toMatch(/found 7 bytes, expected at most 6 bytes: weights\.$/);
    expect(await refusal('inside')).toMatch(/inside: (it is a folder|found no regular file), expected weights\.$/);
  });

  it.skipIf(process.platform === 'win32')('does not wait for a pipe that nobody writes to', async () => {
    await promisify(execFile)('mkfifo', [join(folder, 'pipe')]);
    expect(await refusal('pipe')).toMatch(/pipe: found no regular file, expected weights\.$/);
  });
});
