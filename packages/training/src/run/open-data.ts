import { openDataset, selectClasses, type DataSet } from '@interseg/data';
import type { RunConfiguration } from '../configuration/run-configuration.ts';

/**
 * Opens the data set of a run, with the classes that the run is about.
 *
 * @throws DataError when the folder is no data set, or has no class of a name that is wanted
 */
export async function openData({ data, classes }: Pick<RunConfiguration, 'data' | 'classes'>): Promise<DataSet> {
  const dataset = await openDataset(data);
  return classes ? selectClasses(dataset, classes) : dataset;
}
