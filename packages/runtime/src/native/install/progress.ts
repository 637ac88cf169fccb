import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The progress of an installation. */
export interface InstallProgress {
  readonly step: 'check' | 'wait' | 'download' | 'extract' | 'compile' | 'test' | 'done';
  /** A few words for people. */
  readonly message: string;
  /** The bytes downloaded or extracted so far. */
  readonly bytes?: number;
  /** The bytes in all, where known; rounded for a download. */
  readonly totalBytes?: number;
}

export type OnProgress = (progress: InstallProgress) => void;

/** Adds up the bytes of all files under a folder. */
export async function measureFolder(folder: string): Promise<number> {
  let total = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile()) continue;
    // A file can vanish before it is measured.
    const found = await stat(join(entry.parentPath ?? entry.path, entry.name)).catch(() => undefined);
    total += found?.size ?? 0;
  }
  return total;
}

/** Reports how a folder grows during work that reports nothing itself. */
export async function watching<T>(folder: string, tell: (bytes: number) => void, work: Promise<T>): Promise<T> {
  const timer = setInterval(() => void measureFolder(folder).then(tell), 500);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
