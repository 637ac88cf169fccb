import {
  drawLabelled,
  drawUnlabelled,
  openDataset,
  readSplit,
  selectClasses,
  splitCases,
  type DataSet,
  type Split,
} from '@interseg/data';
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
export async function openSplit(
  configuration: RunConfiguration,
  { cases, unlabelled = [] }: Pick<DataSet, 'cases'> & Partial<Pick<DataSet, 'unlabelled'>>,
): Promise<Split> {
  const { split } = configuration;
  return split === undefined ? splitCases(cases, splitOptions(configuration)) : readSplit(split, cases, unlabelled);
}

/**
 * The split of a run with the cases that it trains on: those of as many patients with labels as it is to have, and the cases
 * without labels, drawn from those that the split names, or from all of the data set, and from the other patients for training.
 *
 * @throws OptionError when there are fewer than the run is to have
 */
export function chooseCases(
  split: Split,
  dataset: Pick<DataSet, 'cases' | 'unlabelled'>,
  { labelled, unlabelled: count, seed }: Pick<RunConfiguration, 'labelled' | 'unlabelled' | 'seed'>,
): Split {
  const chosen = drawLabelled(dataset, split, { count: labelled, seed });
  const { train, validation, test } = chosen;
  const unlabelled = count === 0 ? undefined : drawUnlabelled(dataset, chosen, { count, seed });
  return { train, validation, test, ...(unlabelled && { unlabelled }) };
}
