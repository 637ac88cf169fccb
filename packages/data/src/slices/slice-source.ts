import { OptionError } from '@interseg/errors';
import type { Augmentation } from '../augmentation/settings.ts';
import { createRandom } from '../random/random.ts';
import { checkBatchSize, generateBatches, type Batch, type BatchExecutor } from './batches/batches.ts';
import { epochOrder } from './batches/epoch-order.ts';
import { repeatedLength, repeatForeground } from './batches/oversampling.ts';
import { prefetch } from './batches/prefetch.ts';
import { trainingSlices, type CaseSlices } from './batches/training-slices.ts';
import { inputChannels } from './geometry/context.ts';
import type { PreparedCase, SliceKind } from './preparation/prepared-case.ts';
import { isBounded, type CompleteSliceSettings } from './slice-settings.ts';

/** Which slices an epoch shows, and how often. */
export interface SliceChoice {
  /**
   * The number of training slices without foreground in an epoch, as a proportion of those with foreground; drawn anew for
   * each epoch. Defaults to 0.1.
   */
  backgroundSlices: number;
  /**
   * How often each slice with foreground occurs in an epoch on average, from 1 to 100: with 1.5, half of them occur twice,
   * drawn anew for each epoch. Defaults to 1.
   */
  foregroundOversampling: number;
  /**
   * With the resizing `patch`, the probability that a patch of a slice with foreground is centred on an object, from 0 to
   * 1: on one of a class that is drawn first, with all objects of that class alike, however small. Other patches lie
   * anywhere in the slice. Defaults to 0.5.
   */
  patchForeground: number;
  /**
   * With the resizing `patch`, how many patches of each slice an epoch shows, from 1 to 100; slices with foreground as often
   * again as `foregroundOversampling` says. Defaults to 1.
   */
  patchesPerSlice: number;
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

/** Cases that are prepared, or can be. */
export interface SourceCases {
  readonly ids: readonly string[];
  /** The kinds of the slices of each case; none for a case without labels. */
  readonly kinds: ReadonlyMap<string, readonly SliceKind[]>;
  /** The bytes of each case. */
  readonly bytes: ReadonlyMap<string, number>;
  readonly load: (id: string) => Promise<PreparedCase>;
  /** K. */
  readonly classes: number;
  /** C, of a slice. */
  readonly channels: number;
}

/** The slices of prepared cases, for training and validation. */
export function sliceSource(
  { ids, kinds, bytes, load, classes, channels }: SourceCases,
  settings: CompleteSliceSettings,
  options: SliceChoice & { augmentation: Augmentation; seed: number | string; memoryLimit: number },
  executor: BatchExecutor,
): SliceSource {
  const { backgroundSlices, foregroundOversampling, patchForeground, patchesPerSlice } = options;
  const { augmentation, seed, memoryLimit } = options;
  const totalBytes = (list: readonly string[]): number => list.reduce((sum, id) => sum + bytes.get(id)!, 0);
  // If not all cases fit, one group is trained on while the next is prepared.
  const groupLimit = totalBytes(ids) <= memoryLimit ? memoryLimit : memoryLimit / 2;
  const chooseSlices = (epoch: number): CaseSlices[] =>
    trainingSlices(kinds, backgroundSlices, createRandom(seed).fork(`background ${epoch}`));
  const repetition = { factor: foregroundOversampling, patches: patchesPerSlice };
  const patch = settings.resizing === 'patch' ? { size: settings.size, foreground: patchForeground } : undefined;
  return {
    // Every epoch has as many slices, but others without foreground.
    length: repeatedLength(chooseSlices(0), kinds, foregroundOversampling, patchesPerSlice),
    size: settings.size,
    channels: inputChannels(settings, channels),
    classes,
    ids: [...ids],
    settings,
    batches({ batchSize, seed: orderSeed = 0, epoch = 0, shuffle = true }) {
      checkBatchSize(batchSize);
      const random = createRandom(orderSeed).fork(`oversampling ${epoch}`);
      const shown = repeatForeground(chooseSlices(epoch), kinds, repetition, random);
      const groups = epochOrder(shown, bytes, groupLimit, { seed: orderSeed, epoch, shuffle });
      const changes = { augmentation, isBounded: isBounded(settings.normalization), patch, seed: orderSeed, epoch };
      return generateBatches(groups, batchSize, changes, {
        load,
        fit: (one, other) => totalBytes([...one.ids, ...other.ids]) <= memoryLimit,
        executor,
      });
    },
    cases: () => prefetch(loadCases(ids, load), 2),
  };
}

async function* loadCases(ids: readonly string[], load: SourceCases['load']): AsyncGenerator<PreparedCase, void> {
  for (const id of ids) yield await load(id);
}

/** Fills in the defaults. @throws OptionError when a number is out of range */
export function completeChoice(options: Partial<SliceChoice>, { resizing }: CompleteSliceSettings): SliceChoice {
  const { backgroundSlices = 0.1, foregroundOversampling = 1, patchForeground = 0.5, patchesPerSlice = 1 } = options;
  if (!(foregroundOversampling >= 1 && foregroundOversampling <= 100)) {
    throw new OptionError(
      `The option foregroundOversampling is ${foregroundOversampling}, expected a number from 1 to 100.`,
    );
  }
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
  return { backgroundSlices, foregroundOversampling, patchForeground, patchesPerSlice };
}
