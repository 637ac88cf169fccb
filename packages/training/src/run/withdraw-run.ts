import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '@interseg/files';
import type { RunFolder } from './run-folder.ts';

/**
 * Takes back a run that failed before its first checkpoint, so that the same run can be started again once its input has
 * been put right. Files that are not a run's, and folders with such files, stay.
 */
export async function withdrawRun(folder: RunFolder): Promise<void> {
  if (await exists(join(folder.last, 'checkpoint.json'))) return;
  for (const path of [folder.configuration, folder.split, folder.plan, folder.environment, folder.log, folder.lock]) {
    await rm(path, { force: true });
  }
  await rm(folder.tensorBoard, { recursive: true, force: true });
  // Fails, as it should, when the folder is not empty.
  await rmdir(folder.root).catch(() => undefined);
}
