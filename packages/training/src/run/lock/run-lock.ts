import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { DataError } from '@interseg/errors';
import { fileError } from '@interseg/files';
import { processStart } from './process-start.ts';

/** What the lock file of a run says about the process that works on it. */
interface LockHolder {
  pid: number;
  host: string;
  /** When the process began, in the system's own words, as process ids come back; absent where it cannot be known. */
  start?: string;
}

/** A lock that is held. */
export interface RunLock {
  release(): Promise<void>;
}

/** A lock of another machine is stale when its holder has not touched it for so long. */
const staleAfter = 10 * 60_000;
const touchEvery = 30_000;

/**
 * Takes the lock of a run folder, so that no two processes write into it. A lock is stale, and taken over, when its process
 * no longer runs on this machine; or, where it is another machine's, when it has not been touched for ten minutes (its
 * holder touches it every half a minute).
 *
 * @param path the lock file
 * @throws DataError when another process holds it, or the folder cannot be written to
 */
export async function lockRun(path: string): Promise<RunLock> {
  const holder: LockHolder = { pid: process.pid, host: hostname(), start: await processStart(process.pid) };
  const text = `${JSON.stringify(holder)}\n`;
  while (!(await create(path, text))) {
    const found = await look(path);
    if (!found) continue;
    if (!(await isStale(found))) {
      const who = found.holder ? `process ${found.holder.pid} on ${found.holder.host}` : 'another process';
      throw new DataError(
        `${path}: found the lock of ${who}, which works on this run; expected none: wait until it ends, or stop it.`,
      );
    }
    await takeAway(path, found.text);
  }
  // A step can keep the process busy for longer, which does no harm: ten minutes are twenty times this.
  const timer = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), touchEvery);
  timer.unref();
  return {
    release: async () => {
      clearInterval(timer);
      if ((await readFile(path, 'utf8').catch(() => '')) === text) await rm(path, { force: true });
    },
  };
}

/** False when there is a lock already. */
async function create(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    await rm(path, { force: true }).catch(() => undefined);
    throw fileError(path, error, 'a run folder that can be written to');
  }
}

interface Found {
  text: string;
  /** Absent when the file is not yet, or not any more, what a process wrote. */
  holder?: LockHolder;
  untouched: number;
}

async function look(path: string): Promise<Found | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return { text, holder: parseHolder(text), untouched: Date.now() - mtimeMs };
  } catch (error) {
    // Released in between.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError(path, error, 'the lock of a run');
  }
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    const { pid, host, start } = JSON.parse(text) as LockHolder;
    return Number.isInteger(pid) && pid > 0 && typeof host === 'string' ? { pid, host, start } : undefined;
  } catch {
    return undefined;
  }
}

async function isStale({ holder, untouched }: Found): Promise<boolean> {
  // A killed process may have left it empty.
  if (!holder) return untouched > 5000;
  if (holder.host !== hostname()) return untouched > staleAfter;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  return holder.start !== undefined && holder.start !== (await processStart(holder.pid));
}

/** A process that takes a stale lock away needs far less than this, unless it was killed. */
const guardAbandonedAfter = 10_000;

/**
 * Under a guard, which one process can hold: without it, a process that saw the stale lock a moment ago would take away the
 * lock that another has taken since.
 */
async function takeAway(path: string, stale: string): Promise<void> {
  const guard = `${path}.guard.tmp`;
  if (!(await create(guard, ''))) {
    const since = await stat(guard).catch(() => undefined);
    if (since && Date.now() - since.mtimeMs > guardAbandonedAfter) await rm(guard, { force: true });
    await wait(10);
    return;
  }
  try {
    const now = await look(path);
    if (now?.text === stale && (await isStale(now))) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}
