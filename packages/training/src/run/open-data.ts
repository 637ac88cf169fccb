import { openDataset, readSplit, selectClasses, splitCases, type DataSet, type Split } from '@interseg/data';
import { splitOptions } from '../configuration/derive.ts';
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

/**
 * The split of a run: that of its file, or one that is drawn.
 *
 * @throws DataError when the file is no split of the data set
 */
export async function openSplit(configuration: RunConfiguration, { cases }: Pick<DataSet, 'cases'>): Promise<Split> {
  const { split } = configuration;
  return split === undefined ? splitCases(cases, splitOptions(configuration)) : readSplit(split, cases);
}
