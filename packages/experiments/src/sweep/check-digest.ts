import type { Split } from '@interseg/data';
import { DataError } from '@interseg/errors';
import { readJsonObject } from '@interseg/files';
import type { RunConfiguration, RunFolder } from '@interseg/training';
import type { SweepRun } from './manifest.ts';
import { digestOfRun, digestOfSplit } from './run-digest.ts';

/**
 * Checks that a run folder is that of a run of the manifest: the settings and the split that it was trained with.
 *
 * @throws DataError when it is not, or its files cannot be read
 */
export async function checkDigest(files: RunFolder, { index, digest }: SweepRun): Promise<void> {
  // It was written by a run, with every option that there was then, so that there is no need to check each value.
  const configuration = (await readJsonObject(
    files.configuration,
    'the configuration of a run',
  )) as unknown as RunConfiguration;
  const {
    train = [],
    validation = [],
    test = [],
  } = (await readJsonObject(files.split, 'the split of a run')) as Partial<Split>;
  const found = digestOfRun(configuration, digestOfSplit({ train, validation, test }));
  if (found === digest) return;
  throw new DataError(
    `${files.root}: found a run of other settings or another split than run ${index} of the sweep (digest ${found}), expected ${digest}: remove that folder to train it as planned.`,
  );
}
