import { DataError } from '@interseg/errors';
import { readJsonObject } from '@interseg/files';
import { readConfiguration, type RunFolder } from '@interseg/training';
import type { Split } from '@interseg/data';
import type { SweepRun } from './manifest.ts';
import { digestOfRun, digestOfSplit } from './run-digest.ts';

/**
 * Checks that a run folder is that of a run of the manifest: the settings and the split that it was trained with.
 *
 * @throws DataError when it is not, or its files cannot be read
 */
export async function checkDigest(files: RunFolder, { index, digest }: SweepRun): Promise<void> {
  const configuration = await readConfiguration(files);
  const split = (await readJsonObject(files.split, 'the split of a run')) as unknown as Split;
  const found = digestOfRun(configuration, digestOfSplit(split));
  if (found === digest) return;
  throw new DataError(
    `${files.root}: found a run of other settings or another split than run ${index} of the sweep (digest ${found}), expected ${digest}: remove that folder to train it as planned.`,
  );
}
