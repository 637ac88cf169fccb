import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/** The computer and the Node.js that runs on it. */
export interface Host {
  readonly node: string;
  /** Operating system and processor architecture, such as `linux x64 (6.1.0)`. */
  readonly platform: string;
  readonly cpu: string;
  /** How many threads can compute at the same time. */
  readonly cores: number;
}

/** What a computer offers for training. */
export interface Machine extends Host {
  readonly memoryBytes: number;
  /** Memory that this process may still allocate. */
  readonly freeMemoryBytes: number;
  /** Free space on the disk where engines are kept; absent when it cannot be determined. */
  readonly freeDiskBytes?: number;
  /** NVIDIA GPUs by name, as reported by their driver. GPUs of other makers are not listed. */
  readonly nvidia: readonly string[];
}

/** Describes the computer and its Node.js. */
export function describeHost(): Host {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch} (${release()})`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
  };
}

/**
 * Describes the computer with its memory, disk and GPUs.
 *
 * @param folder where engines are kept; need not exist yet
 */
export async function examineMachine(folder: string): Promise<Machine> {
  return {
    ...describeHost(),
    memoryBytes: totalmem(),
    freeMemoryBytes: process.availableMemory(),
    freeDiskBytes: await readFreeDisk(folder),
    nvidia: await listNvidiaGpus(),
  };
}

async function readFreeDisk(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    const parent = dirname(folder);
    return parent === folder ? undefined : readFreeDisk(parent);
  }
}

async function listNvidiaGpus(): Promise<string[]> {
  const query = ['--query-gpu=name,memory.total', '--format=csv,noheader'];
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', query, { timeout: 10_000, windowsHide: true });
    return stdout.split('\n').flatMap((line) => line.trim() || []);
  } catch {
    // Without NVIDIA's driver there is no GPU that CUDA could use.
    return [];
  }
}
