import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RunFolder } from './run-folder.ts';

/**
 * Removes the temporary files that a killed process left in a run folder. Only who holds the run's lock may do so. Those of the
 * lock stay, as they may be of a process that waits for it.
 */
export async function removeLeftovers(folder: RunFolder): Promise<void> {
  for (const path of [folder.root, folder.last, folder.best, folder.model, folder.pretrained, folder.predictions]) {
    for (const name of await readdir(path).catch(() => [])) {
      if (/^\..*\.tmp$/.test(name) && !name.startsWith(`.${basename(folder.lock)}.`)) {
        await rm(join(path, name), { force: true });
      }
    }
  }
}
