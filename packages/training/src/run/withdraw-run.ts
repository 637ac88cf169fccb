import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '@interseg/files';
import type { RunFolder } from './run-folder.ts';

/**
 * Takes back a run that failed before its first checkpoint, so that the same run can be started again once its input has
 * been put right. Files that are not a run's stay, and so does the lock, which its holder releases.
 */
export async function withdrawRun(folder: RunFolder): Promise<void> {
  if (await exists(join(folder.last, 'checkpoint.json'))) return;
  for (const path of [folder.configuration, folder.split, folder.plan, folder.environment, folder.log]) {
    await rm(path, { force: true });
  }
  await rm(folder.tensorBoard, { recursive: true, force: true });
}
