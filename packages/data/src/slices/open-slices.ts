import { OptionError } from '@interseg/errors';
import type { Case, DataSet } from '../dataset.ts';
import { augmentationPresets, type Augmentation } from '../augmentation/settings.ts';
import type { SliceCacheOptions } from './cache/disk-cache.ts';
import { createRandom } from '../random/random.ts';
import { checkBatchSize, generateBatches, type Batch } from './batches/batches.ts';
import { MemoryCache } from './cache/memory-cache.ts';
import { epochOrder } from './batches/epoch-order.ts';
import { inputChannels } from './geometry/context.ts';
import { inParallel } from './batches/in-parallel.ts';
import { repeatedLength, repeatForeground } from './batches/oversampling.ts';
import { prefetch } from './batches/prefetch.ts';
import type { PreparedCase, SliceKind } from './preparation/prepared-case.ts';
import { completeSliceSettings, isBounded, type CompleteSliceSettings, type SliceSettings } from './slice-settings.ts';
import { trainingSlices, type CaseSlices } from './batches/training-slices.ts';
import { withGeometry } from './inverse/inverse-transform.ts';
import { defaultWorkers, sharedExecutor } from './workers/task-executor.ts';

/** Options of {@link openSlices}. */
export interface OpenSlicesOptions {
  /**
   * The most bytes of prepared cases that are kept in memory; each thread needs memory for one more case. Defaults to
   * 2 GiB.
   */
  memoryLimit?: number;
  /**
   * The number of training slices without foreground in an epoch, as a proportion of those with foreground; drawn anew for
   * each epoch. Defaults to 0.1.
   */
  backgroundSlices?: number;
  /**
   * How often each slice with foreground occurs in an epoch on average, from 1 to 100: with 1.5, half of them occur twice,
   * drawn anew for each epoch. Defaults to 1.
   */
  foregroundOversampling?: number;
  /**
   * With the resizing `patch`, the probability that a patch of a slice with foreground is centred on an object, from 0 to
   * 1: on one of a class that is drawn first, with all objects of that class alike, however small. Other patches lie
   * anywhere in the slice. Defaults to 0.5.
   */
  patchForeground?: number;
  /**
   * With the resizing `patch`, how many patches of each slice an epoch shows, from 1 to 100; slices with foreground as often
   * again as `foregroundOversampling` says. Defaults to 1.
   */
  patchesPerSlice?: number;
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

/** Options of {@link SliceSource.batches}. */
export interface BatchOptions {
  readonly batchSize: number;
  /** The seed for order and augmentation. Defaults to 0. */
  readonly seed?: number | string;
  /** The number of the epoch, which changes order and augmentation. Defaults to 0. */
  readonly epoch?: number;
  /** Whether to shuffle cases and slices. Defaults to true. */
  readonly shuffle?: boolean;
}

/** The slices of some cases of a data set. */
export interface SliceSource {
  /** The number of slices in an epoch, repetitions included. */
  readonly length: number;
  /** [H, W] of what the network sees, in pixels; prepared cases may be larger with the resizing `patch`. */
  readonly size: readonly [number, number];
  /** The number of channels of the network's input: those of the images, for each slice of the context and the slice. */
  readonly channels: number;
  /** The number of classes, K. */
  readonly classes: number;
  /** The ids of the cases. */
  readonly ids: readonly string[];
  /** The settings, with every default filled in. */
  readonly settings: CompleteSliceSettings;
  /**
   * The training slices of an epoch in batches, of which the last may be smaller. Choice, order and augmentation depend on seed
   * and epoch alone (for the same cases and memory limit), so that a resumed run sees the same data. Cases that are in
   * memory together form a group, and slices are shuffled within their group. If all cases fit, that is one group.
   *
   * @throws OptionError if the batch size is not a whole number above 0; DataError if a case can no longer be read
   */
  batches(options: BatchOptions): AsyncIterable<Batch>;
  /** The cases one after the other, each with all its slices, for validation and testing. */
  cases(): AsyncIterable<PreparedCase>;
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
  const {
    memoryLimit = defaultLimit,
    backgroundSlices = 0.1,
    foregroundOversampling = 1,
    patchForeground = 0.5,
    patchesPerSlice = 1,
    seed = 0,
    augmentation = augmentationPresets.none,
    workers = defaultWorkers(),
  } = options;
  const complete = completeSliceSettings(settings, dataset.modality);
  checkOptions({ memoryLimit, backgroundSlices, foregroundOversampling, patchForeground, patchesPerSlice }, complete);
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
  // In the order of the ids, whichever case was ready first.
  const kinds = new Map(ids.map((id) => [id, found.get(id)!]));
  const totalBytes = (list: readonly string[]): number => list.reduce((sum, id) => sum + bytes.get(id)!, 0);
  // If not all cases fit, one group is trained on while the next is prepared.
  const groupLimit = totalBytes(ids) <= memoryLimit ? memoryLimit : memoryLimit / 2;
  const chooseSlices = (epoch: number): CaseSlices[] =>
    trainingSlices(kinds, backgroundSlices, createRandom(seed).fork(`background ${epoch}`));
  const repetition = { factor: foregroundOversampling, patches: patchesPerSlice };
  const patch = complete.resizing === 'patch' ? { size: complete.size, foreground: patchForeground } : undefined;
  return {
    // Every epoch has as many slices, but others without foreground.
    length: repeatedLength(chooseSlices(0), kinds, foregroundOversampling, patchesPerSlice),
    size: complete.size,
    channels: inputChannels(complete, dataset.channels.length),
    classes: dataset.classes.length,
    ids: [...ids],
    settings: complete,
    batches({ batchSize, seed: orderSeed = 0, epoch = 0, shuffle = true }) {
      checkBatchSize(batchSize);
      const random = createRandom(orderSeed).fork(`oversampling ${epoch}`);
      const shown = repeatForeground(chooseSlices(epoch), kinds, repetition, random);
      const groups = epochOrder(shown, bytes, groupLimit, { seed: orderSeed, epoch, shuffle });
      const changes = { augmentation, isBounded: isBounded(complete.normalization), patch, seed: orderSeed, epoch };
      return generateBatches(groups, batchSize, changes, {
        load: (id) => memory.load(id),
        fit: (one, other) => totalBytes([...one.ids, ...other.ids]) <= memoryLimit,
        executor,
      });
    },
    cases: () => prefetch(loadCases(ids, memory), 2),
  };
}

async function* loadCases(ids: readonly string[], memory: MemoryCache): AsyncGenerator<PreparedCase, void> {
  for (const id of ids) yield await memory.load(id);
}

type CheckedOptions = Required<
  Pick<
    OpenSlicesOptions,
    'memoryLimit' | 'backgroundSlices' | 'foregroundOversampling' | 'patchForeground' | 'patchesPerSlice'
  >
>;

function checkOptions(options: CheckedOptions, { resizing }: CompleteSliceSettings): void {
  const { memoryLimit, backgroundSlices, foregroundOversampling, patchForeground, patchesPerSlice } = options;
  if (!(foregroundOversampling >= 1 && foregroundOversampling <= 100)) {
    throw new OptionError(
      `The option foregroundOversampling is ${foregroundOversampling}, expected a number from 1 to 100.`,
    );
  }
  if (!(memoryLimit > 0)) throw new OptionError(`The option memoryLimit is ${memoryLimit}, expected bytes above 0.`);
  if (!(backgroundSlices >= 0)) {
    throw new OptionError(`The option backgroundSlices is ${backgroundSlices}, expected a proportion of 0 or more.`);
  }
  if (!(patchForeground >= 0 && patchForeground <= 1)) {
    throw new OptionError(`The option patchForeground is ${patchForeground}, expected a number from 0 to 1.`);
  }
  if (!(Number.isInteger(patchesPerSlice) && patchesPerSlice >= 1 && patchesPerSlice <= 100)) {
    throw new OptionError(`The option patchesPerSlice is ${patchesPerSlice}, expected a whole number from 1 to 100.`);
  }
  if (patchesPerSlice > 1 && resizing !== 'patch') {
    throw new OptionError(
      `The option patchesPerSlice is ${patchesPerSlice}, expected 1 with the resizing ${resizing}.`,
    );
  }
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
