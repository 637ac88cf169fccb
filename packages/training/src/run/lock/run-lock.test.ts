import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../../../../tools/build/temporary-folder.ts';
import { LockLostError, RunHeldError } from './lock-errors.ts';
import { newHolder, type LockHolder } from './lock-holder.ts';
import { lockRun, type LockOptions, type RunLock } from './run-lock.ts';

const newLock = async (): Promise<string> => join(await temporaryFolder(), 'run.lock');
const write = (path: string, holder: object): Promise<void> => writeFile(path, `${JSON.stringify(holder)}\n`);
const read = async (path: string): Promise<LockHolder> => JSON.parse(await readFile(path, 'utf8')) as LockHolder;
const filesBeside = (path: string): Promise<string[]> => readdir(join(path, '..'));
const here = await newHolder(1);
const elsewhere = { ...here, token: 'of-another-host', host: 'elsewhere', pid: 1 };

async function take(path: string, options?: LockOptions): Promise<RunLock> {
  const lock = await lockRun(path, options);
  expect(lock).toBeDefined();
  return lock!;
}

/** The id of a process that has ended. */
async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid!;
}

it('is held by one and released', async () => {
  const path = await newLock();
  const lock = await take(path);
  expect(await read(path)).toMatchObject({ pid: process.pid, host: hostname(), beat: 0 });
  for (const waiting of ['none', 'silence'] as const) {
    const attempt = lockRun(path, { wait: waiting });
    await expect(attempt).rejects.toThrow(`found the lock of process ${process.pid} on ${hostname()}`);
    await expect(attempt).rejects.toThrow(RunHeldError);
  }
  await lock.check();
  await lock.release();
  expect(await filesBeside(path)).toEqual([]);
  await (await take(path)).release();
});

it('counts a beat, also while the thread of the training is busy', async () => {
  const path = await newLock();
  const lock = await take(path, { silence: 0.6 });
  // The thread that counts has to start.
  while ((await read(path)).beat === 0) await wait(10);
  const { beat, token } = await read(path);
  const until = performance.now() + 1000;
  while (performance.now() < until);
  const after = await read(path);
  expect(after.beat).toBeGreaterThan(beat + 1);
  expect(after.token).toBe(token);
  await lock.check();
  await lock.release();
});

it('is taken over at once from a process of this host that has ended', async () => {
  const path = await newLock();
  await write(path, { ...here, pid: await deadProcess() });
  const lock = await take(path, { silence: 600 });
  expect(await read(path)).toMatchObject({ pid: process.pid });
  await lock.release();
  expect(await filesBeside(path)).toEqual([]);
});

it.runIf(process.platform === 'linux')('is taken over at once from an earlier process with the same id', async () => {
  const path = await newLock();
  await write(path, { ...here, start: '1' });
  await (await take(path, { silence: 600 })).release();
});

it.each([{ host: 'elsewhere' }, { boot: 'another boot' }, { pidNamespace: 'pid:[1]' }])(
  'of a process elsewhere, as with %o, is taken over once it has been silent',
  async (place) => {
    const path = await newLock();
    // A process of that id does not run here, which says nothing.
    await write(path, { ...here, ...place, beatSeconds: 0.05, pid: await deadProcess() });
    // Nor does the time of the file, which another machine may have written by another clock.
    const old = new Date(Date.now() - 3_600_000);
    await utimes(path, old, old);
    await expect(lockRun(path, { wait: 'none', silence: 0.3 })).rejects.toThrow(RunHeldError);
    const told: string[] = [];
    const began = performance.now();
    const lock = await take(path, { silence: 0.3, onWait: (message) => told.push(message) });
    expect(performance.now() - began).toBeGreaterThan(290);
    expect(told).toEqual([expect.stringMatching(/^waiting for process \d+ on .*, which has this run, to give a sign/)]);
    await lock.release();
  },
);

it('of a process elsewhere that beats is its own, however old its file is', async () => {
  const path = await newLock();
  await write(path, elsewhere);
  let isOver = false;
  // One after the other: a slow beat must not lose its file to the next, or to the end of the test.
  const beating = (async () => {
    for (let count = 1; !isOver; count++) {
      await write(`${path}.next`, { ...elsewhere, beat: count });
      await rename(`${path}.next`, path);
      await utimes(path, new Date(0), new Date(0));
      await wait(50);
    }
  })();
  await expect(lockRun(path, { silence: 30 })).rejects.toThrow('process 1 on elsewhere');
  isOver = true;
  await beating;
});

it('is waited for until it is released, where that is asked for, or until the waiting is ended', async () => {
  const path = await newLock();
  const first = await take(path);
  const told: string[] = [];
  const options: LockOptions = { silence: 2, wait: 'release', onWait: (message) => told.push(message) };
  const second = take(path, options);
  const controller = new AbortController();
  const third = lockRun(path, { ...options, signal: controller.signal });
  await wait(300);
  controller.abort();
  expect(await third).toBeUndefined();
  await first.release();
  await (await second).release();
  expect(told[0]).toContain('which has this run, to end');
});

it('of which nothing can be read is taken over once it has been silent', async () => {
  const path = await newLock();
  await writeFile(path, '');
  await expect(lockRun(path, { wait: 'none' })).rejects.toThrow('the lock of another process');
  await (await take(path, { silence: 0.2 })).release();
});

it('goes to one of many that want a silent one at once, each time', async () => {
  for (let time = 0; time < 25; time++) {
    const path = await newLock();
    await write(path, { ...elsewhere, beatSeconds: 0 });
    const results = await Promise.allSettled(Array.from({ length: 16 }, () => lockRun(path, { silence: 0.05 })));
    const taken = results.filter((result) => result.status === 'fulfilled');
    expect(taken).toHaveLength(1);
    // It is not one that somebody has taken away since.
    await taken[0]!.value!.check();
    expect((await filesBeside(path)).filter((name) => name !== 'run.lock')).toEqual([]);
    await taken[0]!.value!.release();
  }
});

it('is taken over although processes were killed while they did so', async () => {
  const path = await newLock();
  await write(path, { ...elsewhere, beatSeconds: 0 });
  const claim = (number: number): string => join(path, '..', `.run.lock.${elsewhere.token}.${number}.tmp`);
  await write(claim(0), { ...here, token: 'first', pid: await deadProcess() });
  await write(claim(1), { ...elsewhere, token: 'second', beatSeconds: 0 });
  await (await take(path, { silence: 0.2 })).release();
  expect(await filesBeside(path)).toEqual([]);
});

it('that another process has taken over is noticed, and neither written to nor removed', async () => {
  const path = await newLock();
  const lock = await take(path, { silence: 0.6 });
  const other = { ...elsewhere, beat: 7 };
  await write(`${path}.next`, other);
  await rename(`${path}.next`, path);
  await expect(lock.check()).rejects.toThrow(LockLostError);
  await expect(lock.check()).rejects.toThrow('run.lock: found the lock of process 1 on elsewhere, expected its own');
  // As the beat sees it.
  await vi.waitFor(() => expect(() => lock.checkLastBeat()).toThrow('found no lock of this process'), {
    timeout: 10_000,
  });
  await lock.release();
  expect(await read(path)).toEqual(other);
});

it('that is gone is noticed, too', async () => {
  const path = await newLock();
  const lock = await take(path);
  await rm(path);
  await expect(lock.check()).rejects.toThrow('run.lock: found no lock of this process, expected its own');
  await lock.release();
  expect(await filesBeside(path)).toEqual([]);
});

it('is left to a process that is about to take it over', async () => {
  const path = await newLock();
  const lock = await take(path);
  const { token } = await read(path);
  const claim = join(path, '..', `.run.lock.${token}.0.tmp`);
  await write(claim, elsewhere);
  await lock.release();
  expect((await read(path)).token).toBe(token);
});

it('says so where it cannot be written', async () => {
  await expect(lockRun(join(await newLock(), 'no', 'folder'))).rejects.toThrow('expected a run folder');
});
