import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { withLock } from './lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'lock-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'deep', 'install.lock');

test('one works while the other waits, and the lock is gone afterwards', async () => {
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} starts`);
    await sleep(100);
    events.push(`${name} ends`);
    return name;
  };
  const waits: string[] = [];
  const first = withLock(path, work('first'), (owner) => waits.push(owner));
  await sleep(20);
  const second = withLock(path, work('second'), (owner) => waits.push(owner));
  expect(await Promise.all([first, second])).toEqual(['first', 'second']);
  expect(events).toEqual(['first starts', 'first ends', 'second starts', 'second ends']);
  expect(waits).toEqual([`process ${process.pid} on ${hostname()}`]);
  expect(existsSync(path)).toBe(false);
});

test('the lock is given back when the work fails', async () => {
  await expect(
    withLock(
      path,
      () => Promise.reject(new Error('no disk')),
      () => {},
    ),
  ).rejects.toThrow('no disk');
  expect(existsSync(path)).toBe(false);
});

test('the lock of a process that is gone is taken over', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(path, JSON.stringify({ pid, host: hostname(), id: 'x' }));
  expect(
    await withLock(
      path,
      async () => JSON.parse(readFileSync(path, 'utf8')).pid,
      () => {},
    ),
  ).toBe(process.pid);
});

test('the lock of a living process on another machine is heeded until it is silent for a minute', async () => {
  writeFileSync(path, JSON.stringify({ pid: 1, host: 'another', id: 'x' }));
  const waits: string[] = [];
  const work = withLock(
    path,
    async () => 'mine',
    (owner) => waits.push(owner),
  );
  await sleep(400);
  expect(waits).toEqual(['process 1 on another']);
  const longAgo = new Date(Date.now() - 61_000);
  utimesSync(path, longAgo, longAgo);
  expect(await work).toBe('mine');
});

test('waiting can be given up', async () => {
  writeFileSync(path, JSON.stringify({ pid: 1, host: 'another', id: 'x' }));
  const signal = AbortSignal.timeout(50);
  await expect(
    withLock(
      path,
      async () => 'mine',
      () => {},
      signal,
    ),
  ).rejects.toThrow();
  expect(existsSync(path)).toBe(true);
});
