import { createHash, randomUUID } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { fileError } from '@interseg/files';
import { processStart } from './process-start.ts';

/** What a lock file says about the process that holds it. */
export interface LockHolder {
  /** Of this lock alone: a process that takes the same lock again has another one. */
  token: string;
  host: string;
  /** Tells boots and hosts of the same name apart; absent where the system has none. */
  boot?: string;
  /** In which process ids mean what they say: containers have namespaces of their own. */
  pidNamespace?: string;
  pid: number;
  /** When the process began, in the system's own words, as process ids come back; absent where it cannot be known. */
  start?: string;
  /** Seconds between two beats. */
  beatSeconds: number;
  /** Counts up while the process lives. The last field, so that nothing else moves when it grows. */
  beat: number;
}

/** A lock that was found. */
export interface FoundLock {
  text: string;
  /** The token, or what stands for it where the file is not what a process of this version wrote. */
  token: string;
  /** Absent where the file is not that of a lock. */
  holder?: LockHolder;
}

/** This process as the holder of a new lock. */
export async function newHolder(beatSeconds: number): Promise<LockHolder> {
  return { token: randomUUID(), ...(await describePlace()), ...(await describeProcess()), beatSeconds, beat: 0 };
}

/** The content of a lock file, one line. */
export function holderText(holder: LockHolder): string {
  return `${JSON.stringify(holder)}\n`;
}

/** Reads a lock file. @returns undefined when there is none (any more) */
export async function readLock(path: string): Promise<FoundLock | undefined> {
  try {
    const text = await readFile(path, 'utf8');
    const holder = parseHolder(text);
    return { text, holder, token: holder?.token ?? createHash('sha256').update(text).digest('hex').slice(0, 32) };
  } catch (error) {
    // ESTALE: released on another machine in the moment in which it was opened here.
    if (['ENOENT', 'ESTALE'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw fileError(path, error, 'the lock of a run');
  }
}

function parseHolder(text: string): LockHolder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<LockHolder>;
    const { token, host, pid, beatSeconds = 0 } = holder;
    const isOne = Number.isInteger(pid) && pid! > 0 && typeof host === 'string' && /^[\w-]{1,64}$/.test(token ?? '');
    return isOne ? { ...(holder as LockHolder), beatSeconds: Number(beatSeconds) || 0 } : undefined;
  } catch {
    return undefined;
  }
}

/** The host, the boot and the namespace that this process is in; only there its id means anything. */
async function describePlace(): Promise<Pick<LockHolder, 'host' | 'boot' | 'pidNamespace'>> {
  const [boot, pidNamespace] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => undefined),
    readlink('/proc/self/ns/pid').catch(() => undefined),
  ]);
  return { host: hostname(), boot: boot?.trim(), pidNamespace };
}

async function describeProcess(): Promise<Pick<LockHolder, 'pid' | 'start'>> {
  return { pid: process.pid, start: await processStart(process.pid) };
}

/** Whether a holder is, or was, a process that this one could see. */
export async function isHere({ host, boot, pidNamespace }: LockHolder): Promise<boolean> {
  const here = await describePlace();
  // Two Linux hosts may have one name; where they do not tell more than that, silence alone decides.
  if (process.platform === 'linux' && !here.boot) return false;
  return host === here.host && boot === here.boot && pidNamespace === here.pidNamespace;
}

/** Whether a holder that {@link isHere} runs no more. */
export async function isDead({ pid, start }: LockHolder): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  return start !== undefined && start !== (await processStart(pid));
}

/**
 * Looks at the lock of a run without taking it.
 *
 * @returns who holds it, as far as the file says, and whether that process is known to run no more (only of this host that can
 * be known); `undefined` when nobody does
 */
export async function lookAtLock(path: string): Promise<{ holder?: LockHolder; isDead: boolean } | undefined> {
  const found = await readLock(path);
  if (!found) return undefined;
  const { holder } = found;
  return { holder, isDead: holder !== undefined && (await isHere(holder)) && (await isDead(holder)) };
}

/** A holder in words, for messages. */
export function describeHolder(holder: LockHolder | undefined): string {
  return holder ? `process ${holder.pid} on ${holder.host}` : 'another process';
}
