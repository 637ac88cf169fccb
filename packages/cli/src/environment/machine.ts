import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/** What the machine has. */
export interface Machine {
  readonly node: string;
  /** Operating system and processor, such as `linux x64 (6.1.0)`. */
  readonly platform: string;
  readonly cpu: string;
  /** How many threads can compute at once. */
  readonly cores: number;
  readonly memoryBytes: number;
  /** What this process may still take of it. */
  readonly freeMemoryBytes: number;
  /** Free on the disk where engines are kept, if it can be told. */
  readonly freeDiskBytes?: number;
  /** NVIDIA's GPUs by name, as their driver tells; that of other makers only Dawn tells. */
  readonly nvidia: readonly string[];
}

/** @param folder where engines are kept; it need not be there yet */
export async function examineMachine(folder: string): Promise<Machine> {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch} (${release()})`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    freeMemoryBytes: process.availableMemory(),
    freeDiskBytes: await freeDisk(folder),
    nvidia: await nvidiaGpus(),
  };
}

async function freeDisk(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    const above = dirname(folder);
    return above === folder ? undefined : freeDisk(above);
  }
}

async function nvidiaGpus(): Promise<string[]> {
  const query = ['--query-gpu=name,memory.total', '--format=csv,noheader'];
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', query, { timeout: 10_000, windowsHide: true });
    return stdout.split('\n').flatMap((line) => line.trim() || []);
  } catch {
    // No driver of NVIDIA, so no GPU that CUDA could use.
    return [];
  }
}
