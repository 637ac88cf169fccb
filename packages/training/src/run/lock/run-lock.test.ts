import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../../../tools/build/temporary-folder.ts';
import { lockRun } from './run-lock.ts';

const newLock = async (): Promise<string> => join(await temporaryFolder(), 'run.lock');
const write = (path: string, holder: object): Promise<void> => writeFile(path, JSON.stringify(holder));

it('is held by one and released', async () => {
  const path = await newLock();
  const lock = await lockRun(path);
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid, host: hostname() });
  await expect(lockRun(path)).rejects.toThrow(`found the lock of process ${process.pid} on ${hostname()}`);
  await lock.release();
  expect(await readdir(join(path, '..'))).toEqual([]);
  await (await lockRun(path)).release();
});

it('is taken over from a process that has ended', async () => {
  const path = await newLock();
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  await write(path, { pid: child.pid, host: hostname() });
  const lock = await lockRun(path);
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
  await lock.release();
});

it.runIf(process.platform === 'linux')('is taken over from an earlier process with the same id', async () => {
  const path = await newLock();
  await write(path, { pid: process.pid, host: hostname(), start: 'another boot/1' });
  await (await lockRun(path)).release();
});

it('of another machine is stale after ten minutes without a touch', async () => {
  const path = await newLock();
  await write(path, { pid: 1, host: 'elsewhere' });
  await expect(lockRun(path)).rejects.toThrow('process 1 on elsewhere');
  const old = new Date(Date.now() - 11 * 60_000);
  await utimes(path, old, old);
  await (await lockRun(path)).release();
});

it('left empty by a killed process is stale after a moment', async () => {
  const path = await newLock();
  await writeFile(path, '');
  await expect(lockRun(path)).rejects.toThrow('the lock of another process');
  const old = new Date(Date.now() - 6000);
  await utimes(path, old, old);
  await (await lockRun(path)).release();
});

it('goes to one of many that want a stale one at once, each time', async () => {
  for (let time = 0; time < 25; time++) {
    const path = await newLock();
    await write(path, { pid: 1, host: 'elsewhere' });
    const old = new Date(Date.now() - 11 * 60_000);
    await utimes(path, old, old);
    const results = await Promise.allSettled(Array.from({ length: 16 }, () => lockRun(path)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  }
});

it('is taken over although a process was killed while it did so', async () => {
  const path = await newLock();
  await write(path, { pid: 1, host: 'elsewhere' });
  const old = new Date(Date.now() - 11 * 60_000);
  await utimes(path, old, old);
  await writeFile(`${path}.guard.tmp`, '');
  await utimes(`${path}.guard.tmp`, old, old);
  await (await lockRun(path)).release();
});

it('says so where it cannot be written', async () => {
  await expect(lockRun(join(await newLock(), 'no', 'folder'))).rejects.toThrow('expected a run folder');
});
