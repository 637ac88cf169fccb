import { comparisonFolder, readComparisonConfiguration } from '@interseg/experiments';
import { loadPlugins } from '@interseg/training';

/** Loads the plugins of a comparison or a sweep, whose networks cannot be named without them. */
export async function loadSweepPlugins(out: string): Promise<void> {
  const configuration = await readComparisonConfiguration(comparisonFolder(out));
  await loadPlugins(configuration?.plugins ?? [], [out]);
}
