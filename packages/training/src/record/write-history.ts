import { writeFile } from 'node:fs/promises';
import { writeAtomically } from '@interseg/files';
import { featuresCsv } from '../loop/feature-activation.ts';
import { historyCsv } from '../loop/history.ts';
import { skippedCsv } from '../loop/non-finite.ts';
import type { TrainingState } from '../loop/training-state.ts';
import type { RunFolder } from '../run/run-folder.ts';

/** Writes the history of a run, and beside it the sizes of its features and the batches that were passed over, if there are any. */
export async function writeHistory(folder: RunFolder, { history, skipped = [] }: TrainingState): Promise<void> {
  await writeAtomically(folder.history, (temporary) => writeFile(temporary, historyCsv(history)));
  if (history.some(({ scales }) => scales)) {
    await writeAtomically(folder.features, (temporary) => writeFile(temporary, featuresCsv(history)));
  }
  if (skipped.length > 0) {
    await writeAtomically(folder.skipped, (temporary) => writeFile(temporary, skippedCsv(skipped)));
  }
}
