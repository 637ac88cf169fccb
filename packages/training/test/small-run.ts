import { join } from 'node:path';
import { generatePhantoms, type DataSet, type PhantomOptions } from '@interseg/data';
import { runConfiguration, type RunConfiguration, type RunConfigurationInput } from '../src/index.ts';
import { temporaryFolder } from '../../../tools/build/temporary-folder.ts';

/** Few, tiny, anisotropic heads with two classes and two channels: what the reference engine can train on. */
export async function smallPhantoms(options: PhantomOptions = {}): Promise<DataSet> {
  const folder = join(await temporaryFolder(), 'phantoms');
  return generatePhantoms(folder, {
    patients: 4,
    shape: [16, 14, 6],
    spacing: [10, 10, 20],
    classes: ['lesion', 'cyst'],
    channels: ['T1', 'FLAIR'],
    objects: { count: [1, 2], radius: [20, 30] },
    seed: 1,
    ...options,
  });
}

/** A configuration that trains on them in seconds. */
export function smallConfiguration(data: string, changes: Partial<RunConfigurationInput> = {}): RunConfiguration {
  return runConfiguration.parse({
    data,
    engine: 'cpu',
    size: 16,
    filters: [2, 3, 4],
    batch: 3,
    epochs: 3,
    learningRate: 0.01,
    fractions: [0.5, 0.25, 0.25],
    ...changes,
  });
}
