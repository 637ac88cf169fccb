import { OptionError } from '@interseg/errors';
import { augmentationPresets } from '../augmentation/settings.ts';
import { assembleBatch } from './batches/assemble-batch.ts';
import type { BatchExecutor } from './batches/batches.ts';
import type { OpenSlicesOptions } from './open-slices.ts';
import type { PreparedCase } from './preparation/prepared-case.ts';
import type { CompleteSliceSettings } from './slice-settings.ts';
import { completeChoice, sliceSource, type SliceSource } from './slice-source.ts';

/** Options of {@link slicesFromCases}: those of `openSlices` that are not about files and threads. */
export type CaseSlicesOptions = Omit<OpenSlicesOptions, 'memoryLimit' | 'workers' | 'cache' | 'onProgress'>;

const inCallingThread: BatchExecutor = {
  concurrency: 1,
  execute: async ({ parts, augmentation }) => assembleBatch(parts, augmentation),
};

/**
 * The slices of cases in memory, for training and validation, in Node and in browsers: the same, in the same order, as those
 * that `openSlices` finds in the files of a data set with these cases.
 *
 * @param cases what `prepareCase` made of them, all with these settings
 * @throws OptionError if there is no case, an id occurs twice, cases differ in their channels or classes, or an option is out
 * of range
 */
export function slicesFromCases(
  cases: readonly PreparedCase[],
  settings: CompleteSliceSettings,
  options: CaseSlicesOptions = {},
): SliceSource {
  const { seed = 0, augmentation = augmentationPresets.none } = options;
  const [first] = cases;
  if (!first) throw new OptionError('Found no cases to take slices from, expected at least one.');
  const { channels, classes } = first;
  const byId = new Map(cases.map((one) => [one.id, one]));
  if (byId.size !== cases.length) throw new OptionError('Found two cases with one id, expected an id for each.');
  for (const one of cases) {
    if (one.channels === channels && one.classes === classes) continue;
    throw new OptionError(
      `${one.id}: found ${one.channels} channels and ${one.classes} classes, expected ${channels} and ${classes} as in ${first.id}.`,
    );
  }
  return sliceSource(
    {
      ids: [...byId.keys()],
      kinds: new Map(cases.map(({ id, masks, kinds }) => [id, masks ? kinds : []])),
      bytes: new Map(cases.map(({ id, bytes }) => [id, bytes])),
      load: async (id) => byId.get(id)!,
      classes,
      channels,
    },
    settings,
    { ...completeChoice(options, settings), augmentation, seed, memoryLimit: Infinity },
    inCallingThread,
  );
}
