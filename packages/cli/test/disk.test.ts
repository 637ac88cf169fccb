import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generatePhantoms } from '@interseg/data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFolder } from './bundle.ts';
import { checkRunFolder } from './run-folder.ts';
import { interseg, json, temporaryFolder, tiny } from './support.ts';

const folder = await temporaryFolder();
const data = join(folder, 'phantoms');
const commandLine = (out: string, epochs: number): string[] => {
  return ['train', '--data', data, '--out', out, '--variant', 'unet', ...tiny, '--epochs', String(epochs)];
};

beforeAll(() => generatePhantoms(data, { patients: 3, shape: [32, 32, 6], spacing: [4, 4, 8] }));

/** A small file system of its own in memory; nothing where that takes rights that this process lacks. */
async function mountSmall(name: string, options: string): Promise<string | undefined> {
  const path = join(folder, name);
  await mkdir(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  afterAll(() => void execFileSync('umount', [path], { stdio: 'ignore' }));
  return path;
}

const small = await mountSmall('small', 'size=2m');
const readOnly = await mountSmall('read-only', 'size=1m,ro');

describe.skipIf(!small)('a full disk (needs the right to mount)', () => {
  it('ends the run with one sentence and leaves the last checkpoint, from which it goes on', async () => {
    const run = join(small!, 'run');
    const child = spawn(process.execPath, [
      join(bundleFolder, 'command.js'),
      ...[...commandLine(run, 100_000), '--patience', '0'],
    ]);
    let stderr = '';
    let isFull = false;
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (isFull || !stderr.includes('epoch 3/')) return;
      isFull = true;
      // Until the system says that there is no room left.
      void writeFile(join(small!, 'filler'), Buffer.alloc(4 * 2 ** 20)).catch(() => undefined);
    });
    const [status] = (await once(child, 'close')) as [number];
    expect(status, stderr).toBe(1);
    const lines = stderr.trimEnd().split('\n');
    expect(lines.at(-1)).toMatch(/^error: [^\n]*: the disk is full, expected [^.]*\.$/);
    expect(lines.at(-2)).toContain(`continue with: interseg resume ${run}`);
    await rm(join(small!, 'filler'));
    const done = await checkRunFolder(run);
    expect(done).toBeGreaterThanOrEqual(2);
    expect(await json(['resume', run, '--epochs', String(done + 1)])).toMatchObject({ epochs: done + 1 });
  });

  it('also when there is no room for the first file', async () => {
    const filler = join(small!, 'filler');
    await writeFile(filler, Buffer.alloc(4 * 2 ** 20)).catch(() => undefined);
    const { status, stderr } = await interseg(commandLine(join(small!, 'other'), 1));
    expect(status).toBe(1);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^error: [^\n]*: the disk is full, expected [^.]*\.$/);
    await rm(filler);
  });
});

it.skipIf(!readOnly)('a read-only file system is told in one sentence (needs the right to mount)', async () => {
  const { status, stderr } = await interseg(commandLine(join(readOnly!, 'run'), 1));
  expect(status).toBe(2);
  expect(stderr).toMatch(/^error: .*run: the file system is read-only, expected a folder that can be made.*\.$/m);
});

it.skipIf(process.getuid?.() === 0)('a folder without permission is told in one sentence (not for root)', async () => {
  const closed = join(folder, 'closed');
  await mkdir(closed, { mode: 0o555 });
  const { status, stderr } = await interseg(commandLine(join(closed, 'run'), 1));
  expect(status).toBe(2);
  expect(stderr).toMatch(/^error: .*run: no permission, expected a folder that can be made.*\.$/m);
});

it('lets one process at a time work on a run, and says which one does', async () => {
  const run = join(folder, 'shared');
  const first = spawn(process.execPath, [
    join(bundleFolder, 'command.js'),
    ...[...commandLine(run, 100_000), '--patience', '0'],
  ]);
  const ended = once(first, 'close');
  await new Promise<void>((resolve) => {
    first.stderr.on('data', (chunk: Buffer) => chunk.toString().includes('epoch ') && resolve());
  });
  const second = await interseg(['resume', run]);
  first.kill('SIGTERM');
  expect(second.status).toBe(2);
  expect(second.stderr).toMatch(/^error: .*run\.lock: found the lock of process \d+ on .*\.$/m);
  expect((await ended)[0]).toBe(143);
  await expect(readFile(join(run, 'run.lock'))).rejects.toThrow('ENOENT');
  expect(await checkRunFolder(run)).toBeGreaterThan(0);
});
