import { augmentationPresets, type Augmentation } from '../augmentation/settings.ts';
import type { DataSet } from '../dataset.ts';
import { casesById, openCases, type OpenCasesOptions } from './open-cases.ts';
import { completeSliceSettings, type SliceSettings } from './slice-settings.ts';
import { completeChoice, sliceSource, type SliceChoice, type SliceSource } from './slice-source.ts';

/** Options of {@link openSlices}. */
export interface OpenSlicesOptions extends Partial<SliceChoice>, OpenCasesOptions {
  /** The augmentation of {@link SliceSource.batches}; whole cases are never augmented. Defaults to none. */
  augmentation?: Augmentation;
  /** The seed for drawing slices without foreground, with the number of the epoch. Defaults to 0. */
  seed?: number | string;
}

/**
 * Opens the slices of some cases for training, validation or testing. Every case is read and checked once at the start.
 * Prepared cases are kept in memory up to the limit; others are read again when they are needed.
 *
 * Training uses the slices with foreground and, in the proportion `backgroundSlices`, slices without, other ones in each
 * epoch, but none whose image is constant. Cases without labels have no training slices.
 *
 * @param ids the ids of the cases, labelled or not
 * @throws OptionError if an id is unknown or occurs twice, or an option is out of range; DataError if a case cannot be read
 * or takes more than the memory limit when prepared
 */
export async function openSlices(
  dataset: DataSet,
  ids: readonly string[],
  settings: SliceSettings,
  options: OpenSlicesOptions = {},
): Promise<SliceSource> {
  const { seed = 0, augmentation = augmentationPresets.none } = options;
  const complete = completeSliceSettings(settings, dataset.modality);
  const choice = completeChoice(options, complete);
  const cases = casesById(dataset, ids);
  const { kinds, executor, memoryLimit, ...opened } = await openCases(dataset, cases, complete, options);
  return sliceSource(
    {
      ...opened,
      ids,
      kinds: new Map(cases.map(({ id, label }) => [id, label === undefined ? [] : kinds.get(id)!])),
      classes: dataset.classes.length,
      channels: dataset.channels.length,
    },
    complete,
    { ...choice, augmentation, seed, memoryLimit },
    executor,
  );
}
