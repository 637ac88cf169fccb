import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly id: string;
}

/** How often the owner of a lock signals that it is alive, and when a silent one counts as dead, in milliseconds. */
const heartbeat = { every: 5_000, deadAfter: 60_000 };

/**
 * Works while no other process does; a second process waits. It takes over a lock whose process is gone (on this
 * machine) or has been silent for a minute (on a shared disk).
 *
 * @param onWait called once with the process that holds the lock
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait: (owner: string) => void,
  signal?: AbortSignal,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const mine: Owner = { pid: process.pid, host: hostname(), id: randomUUID() };
  const text = JSON.stringify(mine);
  for (let told = false; ;) {
    signal?.throwIfAborted();
    try {
      await writeFile(path, text, { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const other = await readFile(path, 'utf8').catch(() => undefined);
    if (other === undefined || (await takeAwayIfStale(path, other))) continue;
    if (!told) onWait(describe(other));
    told = true;
    await sleep(300, undefined, { signal });
  }
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), heartbeat.every);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    // No longer ours when another process took it over, such as after a night of suspension.
    if ((await readFile(path, 'utf8').catch(() => '')) === text) await rm(path, { force: true });
  }
}

async function takeAwayIfStale(path: string, text: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return true;
  const owner = parse(text);
  const silent = Date.now() - found.mtimeMs > heartbeat.deadAfter;
  const gone = owner !== undefined && owner.host === hostname() && !isAlive(owner.pid);
  if (!silent && !gone) return false;
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return true;
  }
  // Another process may have taken the lock over between the check and the rename: then it owns it.
  if ((await readFile(aside, 'utf8')) !== text) await rename(aside, path);
  else await rm(aside);
  return true;
}

function parse(text: string): Owner | undefined {
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return undefined;
  }
}

function describe(text: string): string {
  const owner = parse(text);
  return owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
