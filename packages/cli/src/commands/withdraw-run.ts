import { access, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runFolder } from '@interseg/training';

/** Whether a folder holds a run. */
export async function holdsRun(run: string): Promise<boolean> {
  return exists(runFolder(run).configuration);
}

/**
 * Takes back a run that failed before its first checkpoint, so that the same command line can be given again once the
 * input has been put right. Files that are not a run's, and folders with such files, stay.
 */
export async function withdrawRun(run: string): Promise<void> {
  const folder = runFolder(run);
  if (await exists(join(folder.last, 'checkpoint.json'))) return;
  for (const path of [folder.configuration, folder.split, folder.environment]) await rm(path, { force: true });
  // Fails, as it should, when the folder is not empty.
  await rmdir(run).catch(() => undefined);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
