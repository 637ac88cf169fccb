import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What an installation is doing. */
export interface InstallProgress {
  readonly step: 'check' | 'wait' | 'download' | 'extract' | 'compile' | 'test' | 'done';
  /** For people; a few words. */
  readonly message: string;
  /** How far a download or an extraction is. */
  readonly bytes?: number;
  /** How much there is in all, where that is known; of a download it is rounded. */
  readonly totalBytes?: number;
}

export type OnProgress = (progress: InstallProgress) => void;

/** The bytes of all files under a folder. */
export async function sizeOf(folder: string): Promise<number> {
  let total = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile()) continue;
    // A file can vanish between the two looks at it.
    const found = await stat(join(entry.parentPath ?? entry.path, entry.name)).catch(() => undefined);
    total += found?.size ?? 0;
  }
  return total;
}

/** Tells how a folder grows while work runs that tells nothing itself. */
export async function watching<T>(folder: string, tell: (bytes: number) => void, work: Promise<T>): Promise<T> {
  const timer = setInterval(() => void sizeOf(folder).then(tell), 500);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
