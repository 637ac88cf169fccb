import { OptionError } from '@interseg/errors';
import type { Case, DataSet } from '../layouts/dataset.ts';
import { augmentationPresets, type Augmentation } from '../augmentation/settings.ts';
import type { SliceCacheOptions } from './cache/disk-cache.ts';
import { createRandom } from '../random/random.ts';
import { checkBatchSize, generateBatches, type Batch } from './batches/batches.ts';
import { MemoryCache } from './cache/memory-cache.ts';
import { epochOrder } from './batches/epoch-order.ts';
import { inParallel } from './workers/in-parallel.ts';
import { repeatedLength, repeatForeground } from './batches/oversampling.ts';
import { prefetch } from './batches/prefetch.ts';
import type { PreparedCase, SliceKind } from './preparation/prepared-case.ts';
import { completeSliceSettings, isBounded, type CompleteSliceSettings, type SliceSettings } from './slice-settings.ts';
import { trainingSlices } from './batches/training-slices.ts';
import { withInverseTransform } from './inverse/inverse-transform.ts';
import { defaultWorkers, sharedExecutor } from './workers/task-executor.ts';

/** Options of {@link openSlices}. */
export interface OpenSlicesOptions {
  /**
   * The most bytes of prepared cases that are kept in memory; 2 GiB unless told. What threads are preparing comes on top: one
   * case each.
   */
  memoryLimit?: number;
  /** How many slices without foreground are trained on, as a proportion of those with; 0.1 unless told. */
  backgroundSlices?: number;
  /**
   * How often a slice with foreground is shown in an epoch, 1 or more; 1 unless told. With 1.5 half of them, drawn anew for
   * each epoch, are shown twice.
   */
  foregroundOversampling?: number;
  /** How the slices of {@link SliceSource.batches} are augmented; not at all unless told. Whole cases never are. */
  augmentation?: Augmentation;
  /**
   * Threads that read and prepare cases, and one more that assembles batches; 0 does it all in the calling thread, when it is
   * wanted. One for each core but one unless told, 4 at most. The batches are the same.
   */
  workers?: number;
  /** Keeps prepared cases on disk for the next run; they are not kept unless told, as they show what the images show. */
  cache?: SliceCacheOptions;
  /** Draws the slices without foreground; 0 unless told. */
  seed?: number | string;
  /** Called after each case that was read at the start. */
  onProgress?: (progress: { done: number; total: number; id: string }) => void;
}

/** How {@link SliceSource.batches} goes through an epoch. */
export interface BatchOptions {
  readonly batchSize: number;
  /** 0 unless told. */
  readonly seed?: number | string;
  /** 0 unless told. */
  readonly epoch?: number;
  /** True unless told. */
  readonly shuffle?: boolean;
}

/** The slices of some cases of a data set. */
export interface SliceSource {
  /** How many slices are trained on in an epoch. */
  readonly length: number;
  /** [H, W]. */
  readonly size: readonly [number, number];
  /** C. */
  readonly channels: number;
  /** K. */
  readonly classes: number;
  /** The cases. */
  readonly ids: readonly string[];
  /** With every default filled in. */
  readonly settings: CompleteSliceSettings;
  /**
   * The training slices of an epoch, each once or as `foregroundOversampling` says, in batches; the last one may be smaller. Order and augmentation depend
   * on seed and epoch alone (for one source and memory limit), so that a run that is taken up again sees the same data. Cases in
   * memory together are a group: with all in memory every slice can meet every other in a batch, else only those of cases
   * that are drawn into one group.
   *
   * @throws OptionError when the batch size is not a whole number above 0; DataError when a case can no longer be read
   */
  batches(options: BatchOptions): AsyncIterable<Batch>;
  /** Every case with all its slices, one after the other, for validation and test. */
  cases(): AsyncIterable<PreparedCase>;
}

const defaultLimit = 2 * 1024 ** 3;

/**
 * Opens the slices of some cases for training, validation or test. Every case is read and checked once now; prepared
 * cases are then kept in memory as far as the limit goes, and read again when they are needed beyond it.
 *
 * Trained on are all slices with foreground whose image is not constant, and of the other slices whose image is not
 * constant as many as the option `backgroundSlices` says. Cases without labels have no training slices.
 *
 * @param ids of labelled or unlabelled cases of the data set
 * @throws OptionError when an id is unknown or named twice, or an option is out of range; DataError when a case cannot be
 * read, or is larger than the memory limit when prepared
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
    seed = 0,
    augmentation = augmentationPresets.none,
    workers = defaultWorkers(),
  } = options;
  checkOptions(memoryLimit, backgroundSlices, foregroundOversampling);
  const complete = completeSliceSettings(settings, dataset.modality);
  const cases = casesById(dataset, ids);
  const executor = sharedExecutor(workers);
  const memory = new MemoryCache(memoryLimit, async (id) => {
    const item = cases.get(id)!;
    const { channels, modality, classes, background } = dataset;
    const context = { channels, modality, classes, background };
    const { cache } = options;
    const task = { kind: 'prepare', dataset: context, item, settings: complete, memoryLimit, cache } as const;
    return withInverseTransform(await executor.execute(task), complete);
  });

  const found = new Map<string, readonly SliceKind[]>();
  const bytes = new Map<string, number>();
  await inParallel(ids, executor.concurrency, async (id) => {
    const prepared = await memory.load(id);
    found.set(id, prepared.masks ? prepared.kinds : []);
    bytes.set(id, prepared.bytes);
    options.onProgress?.({ done: bytes.size, total: ids.length, id });
  });
  // In the order of the ids, in whichever order cases were done.
  const kinds = new Map(ids.map((id) => [id, found.get(id)!]));
  const totalBytes = (list: readonly string[]): number => list.reduce((sum, id) => sum + bytes.get(id)!, 0);
  // Where not all cases fit, one group is trained on while the next is prepared.
  const groupLimit = totalBytes(ids) <= memoryLimit ? memoryLimit : memoryLimit / 2;
  const chosen = trainingSlices(kinds, backgroundSlices, createRandom(seed).fork('background'));
  return {
    length: repeatedLength(chosen, kinds, foregroundOversampling),
    size: complete.size,
    channels: dataset.channels.length,
    classes: dataset.classes.length,
    ids: [...ids],
    settings: complete,
    batches({ batchSize, seed: orderSeed = 0, epoch = 0, shuffle = true }) {
      checkBatchSize(batchSize);
      const random = createRandom(orderSeed).fork(`oversampling ${epoch}`);
      const shown = repeatForeground(chosen, kinds, foregroundOversampling, random);
      const groups = epochOrder(shown, bytes, groupLimit, { seed: orderSeed, epoch, shuffle });
      const changes = { augmentation, isBounded: isBounded(complete.normalization), seed: orderSeed, epoch };
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

function checkOptions(memoryLimit: number, backgroundSlices: number, foregroundOversampling: number): void {
  if (!(foregroundOversampling >= 1 && foregroundOversampling <= 100)) {
    throw new OptionError(
      `The option foregroundOversampling is ${foregroundOversampling}, expected a number from 1 to 100.`,
    );
  }
  if (!(memoryLimit > 0)) throw new OptionError(`The option memoryLimit is ${memoryLimit}, expected bytes above 0.`);
  if (!(backgroundSlices >= 0)) {
    throw new OptionError(`The option backgroundSlices is ${backgroundSlices}, expected a proportion of 0 or more.`);
  }
}

function casesById(dataset: DataSet, ids: readonly string[]): Map<string, Case> {
  const all = new Map([...dataset.cases, ...dataset.unlabelled].map((item) => [item.id, item]));
  const chosen = new Map<string, Case>();
  for (const id of ids) {
    const item = all.get(id);
    if (!item)
      throw new OptionError(`${dataset.folder}: no case ${JSON.stringify(id)}, expected the id of one of its cases.`);
    if (chosen.has(id)) throw new OptionError(`${dataset.folder}: the case ${id} is wanted twice, expected it once.`);
    chosen.set(id, item);
  }
  return chosen;
}
