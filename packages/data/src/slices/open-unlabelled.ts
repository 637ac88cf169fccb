import { DataError, OptionError } from '@interseg/errors';
import { augmentationPresets, type Augmentation } from '../augmentation/settings.ts';
import type { DataSet } from '../dataset.ts';
import { checkBatchSize, generateBatches, type Batch, type BatchSupply } from './batches/batches.ts';
import { epochOrder, type EpochGroup } from './batches/epoch-order.ts';
import type { CaseSlices } from './batches/training-slices.ts';
import { inputChannels } from './geometry/context.ts';
import { casesById, openCases, type OpenCasesOptions } from './open-cases.ts';
import { completeSliceSettings, isBounded, type CompleteSliceSettings, type SliceSettings } from './slice-settings.ts';

/** Options of {@link openUnlabelledSlices}. */
export interface OpenUnlabelledOptions extends OpenCasesOptions {
  /** How slices are changed at random. Defaults to none. */
  augmentation?: Augmentation;
}

/** Options of {@link UnlabelledSource.batches}. */
export interface UnlabelledBatchOptions {
  readonly batchSize: number;
  /**
   * How many batches, all of `batchSize`: slices come again, in another order, when all have been shown. Defaults to those in
   * which every slice is once, of which the last may be smaller.
   */
  readonly count?: number;
  /** The seed for order and augmentation. Defaults to 0. */
  readonly seed?: number | string;
  /** The number of the epoch, which changes order and augmentation. Defaults to 0. */
  readonly epoch?: number;
  /** Whether batches have a second view of every slice. Defaults to false. */
  readonly isTwice?: boolean;
}

/** A batch of slices without masks. */
export interface UnlabelledBatch extends Omit<Batch, 'masks'> {
  /**
   * The second view, if one was asked for, of the same shape: the same places, whose intensities were changed anew. A student
   * sees the one, its teacher the other.
   */
  readonly otherImages?: Float32Array;
}

/** Slices whose masks are unknown or of no interest. */
export interface UnlabelledSource {
  /** The number of slices. */
  readonly length: number;
  /** [H, W] of what the network sees, in pixels. */
  readonly size: readonly [number, number];
  /** The number of channels of the network's input: those of the images, for each slice of the context and the slice. */
  readonly channels: number;
  /** The ids of the cases. */
  readonly ids: readonly string[];
  /** The settings, with every default filled in. */
  readonly settings: CompleteSliceSettings;
  /**
   * Slices in batches. Order and augmentation depend on seed, epoch and the batch size alone (for the same cases and memory
   * limit), so that a resumed run sees the same data. Cases that are in memory together form a group, as those of
   * `openSlices` do.
   *
   * @throws OptionError if the batch size or the number of batches is not a whole number above 0; DataError if a case can no
   * longer be read
   */
  batches(options: UnlabelledBatchOptions): AsyncIterable<UnlabelledBatch>;
}

/**
 * Opens all slices of some cases, but for those whose image is constant, to learn from their images alone. They are prepared
 * as those of `openSlices` are; patches lie anywhere. Label maps, where there are any, are not read.
 *
 * @param ids the ids of the cases, labelled or not
 * @throws OptionError if an id is unknown or occurs twice, or an option is out of range; DataError if a case cannot be read
 * or takes more than the memory limit when prepared, or no slice varies
 */
export async function openUnlabelledSlices(
  dataset: DataSet,
  ids: readonly string[],
  settings: SliceSettings,
  options: OpenUnlabelledOptions = {},
): Promise<UnlabelledSource> {
  const { augmentation = augmentationPresets.none } = options;
  const complete = completeSliceSettings(settings, dataset.modality);
  const cases = casesById(dataset, ids).map((item) => ({ ...item, label: undefined }));
  const { kinds, bytes, load, memoryLimit, executor } = await openCases(dataset, cases, complete, options);
  const slices = [...kinds].map(([id, ofCase]) => ({
    id,
    slices: [...ofCase.keys()].filter((slice) => ofCase[slice] !== 'constant'),
  }));
  const length = slices.reduce((sum, { slices: { length: own } }) => sum + own, 0);
  if (length === 0) {
    throw new DataError(
      `${dataset.folder}: found no slice that varies in the cases without labels, expected at least one.`,
    );
  }
  const patch = complete.resizing === 'patch' ? { size: complete.size, foreground: 0 } : undefined;
  const totalBytes = (list: readonly string[]): number => list.reduce((sum, id) => sum + bytes.get(id)!, 0);
  // If not all cases fit, one group is trained on while the next is prepared.
  const limit = totalBytes(ids) <= memoryLimit ? memoryLimit : memoryLimit / 2;
  const supply: BatchSupply = {
    // Without classes, so that no masks of zeros are made.
    load: async (id) => ({ ...(await load(id)), classes: 0 }),
    fit: (one, other) => totalBytes([...new Set([...one.ids, ...other.ids])]) <= memoryLimit,
    executor,
  };
  return {
    length,
    size: complete.size,
    channels: inputChannels(complete, dataset.channels.length),
    ids: [...ids],
    settings: complete,
    batches({ batchSize, count, seed = 0, epoch = 0, isTwice = false }) {
      checkBatchSize(batchSize);
      if (count !== undefined && !(Number.isInteger(count) && count > 0)) {
        throw new OptionError(`The option count is ${count}, expected a whole number above 0.`);
      }
      const order = { seed: `unlabelled ${seed}`, epoch };
      const shown = count === undefined ? length : count * batchSize;
      const groups = orderOf(shown, slices, { bytes, limit }, order);
      const changes = { augmentation, isBounded: isBounded(complete.normalization), patch, ...order, isTwice };
      return withoutMasks(generateBatches(groups, batchSize, changes, supply));
    },
  };
}

/** The first `count` slices of an epoch: all of them in a random order, then all of them in another one, and so on. */
function orderOf(
  count: number,
  slices: readonly CaseSlices[],
  { bytes, limit }: { bytes: ReadonlyMap<string, number>; limit: number },
  { seed, epoch }: { seed: string; epoch: number },
): EpochGroup[] {
  const groups: EpochGroup[] = [];
  for (let pass = 0, left = count; left > 0; pass++) {
    const passSeed = pass === 0 ? seed : `${seed} pass ${pass}`;
    for (const group of epochOrder(slices, bytes, limit, { seed: passSeed, epoch, shuffle: true })) {
      // The number of the pass, so that a slice is augmented in another way each time.
      const order = group.order.slice(0, left).map((reference) => ({ ...reference, appearance: pass }));
      if (order.length === 0) break;
      left -= order.length;
      const used = new Set(order.map(({ id }) => id));
      groups.push({ ids: group.ids.filter((id) => used.has(id)), order });
    }
  }
  return groups;
}

async function* withoutMasks(
  batches: AsyncIterable<Batch & Pick<UnlabelledBatch, 'otherImages'>>,
): AsyncGenerator<UnlabelledBatch, void> {
  for await (const { masks: _masks, ...batch } of batches) yield batch;
}
