import { OptionError } from '@interseg/errors';
import type { Case, DataSet } from '../dataset.ts';
import { augmentationPresets, type Augmentation } from '../augmentation/settings.ts';
import type { SliceCacheOptions } from './cache/disk-cache.ts';
import { MemoryCache } from './cache/memory-cache.ts';
import { inParallel } from './batches/in-parallel.ts';
import type { SliceKind } from './preparation/prepared-case.ts';
import { completeSliceSettings, type SliceSettings } from './slice-settings.ts';
import { completeChoice, sliceSource, type SliceChoice, type SliceSource } from './slice-source.ts';
import { withGeometry } from './inverse/inverse-transform.ts';
import { defaultWorkers, sharedExecutor } from './workers/task-executor.ts';

/** Options of {@link openSlices}. */
export interface OpenSlicesOptions extends Partial<SliceChoice> {
  /**
   * The most bytes of prepared cases that are kept in memory; each thread needs memory for one more case. Defaults to
   * 2 GiB.
   */
  memoryLimit?: number;
  /** The augmentation of {@link SliceSource.batches}; whole cases are never augmented. Defaults to none. */
  augmentation?: Augmentation;
  /**
   * The number of threads that read and prepare cases, from 0 to 64; one more assembles batches. With 0, everything
   * happens in the calling thread. The batches do not depend on it. Defaults to the number of cores minus one, from 1 to
   * 4.
   */
  workers?: number;
  /** Keeps prepared cases on disk for later runs. Defaults to no cache, because it reveals what the images show. */
  cache?: SliceCacheOptions;
  /** The seed for drawing slices without foreground, with the number of the epoch. Defaults to 0. */
  seed?: number | string;
  /** Called after each case that is read at the start. */
  onProgress?: (progress: { done: number; total: number; id: string }) => void;
}

const defaultLimit = 2 * 1024 ** 3;

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
  const { memoryLimit = defaultLimit, seed = 0, workers = defaultWorkers() } = options;
  const { augmentation = augmentationPresets.none } = options;
  const complete = completeSliceSettings(settings, dataset.modality);
  if (!(memoryLimit > 0)) throw new OptionError(`The option memoryLimit is ${memoryLimit}, expected bytes above 0.`);
  const choice = completeChoice(options, complete);
  const cases = casesById(dataset, ids);
  const executor = sharedExecutor(workers);
  const memory = new MemoryCache(memoryLimit, async (id) => {
    const item = cases.get(id)!;
    const { channels, modality, classes, background } = dataset;
    const context = { channels, modality, classes, background };
    const { cache } = options;
    const task = { kind: 'prepare', dataset: context, item, settings: complete, memoryLimit, cache } as const;
    return withGeometry(await executor.execute(task), complete);
  });

  const found = new Map<string, readonly SliceKind[]>();
  const bytes = new Map<string, number>();
  await inParallel(ids, executor.concurrency, async (id) => {
    const prepared = await memory.load(id);
    found.set(id, prepared.masks ? prepared.kinds : []);
    bytes.set(id, prepared.bytes);
    options.onProgress?.({ done: bytes.size, total: ids.length, id });
  });
  return sliceSource(
    {
      ids,
      // In the order of the ids, whichever case was ready first.
      kinds: new Map(ids.map((id) => [id, found.get(id)!])),
      bytes,
      load: (id) => memory.load(id),
      classes: dataset.classes.length,
      channels: dataset.channels.length,
    },
    complete,
    { ...choice, augmentation, seed, memoryLimit },
    executor,
  );
}

function casesById(dataset: DataSet, ids: readonly string[]): Map<string, Case> {
  const all = new Map([...dataset.cases, ...dataset.unlabelled].map((item) => [item.id, item]));
  const chosen = new Map<string, Case>();
  for (const id of ids) {
    const item = all.get(id);
    if (!item) {
      throw new OptionError(
        `${dataset.folder}: found no case ${JSON.stringify(id)}, expected the id of one of its cases.`,
      );
    }
    if (chosen.has(id)) {
      throw new OptionError(`${dataset.folder}: found the case ${id} twice, expected every case once.`);
    }
    chosen.set(id, item);
  }
  return chosen;
}
