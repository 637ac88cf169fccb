import { OptionError } from '@interseg/errors';
import type { BatchArrays, BatchSlice, EpochAugmentation } from './assemble-batch.ts';
import type { EpochGroup } from './epoch-order.ts';
import { inParallel } from './in-parallel.ts';
import { prefetch } from './prefetch.ts';
import type { PreparedCase } from '../preparation/prepared-case.ts';

/** A batch of slices for training. */
export interface Batch {
  /** [N, H, W, C], row-major; the channels of the context are in order of the slices. */
  readonly images: Float32Array;
  /** [N, H, W, K], row-major, 0 or 1. */
  readonly masks: Float32Array;
  /** The number of slices, N. */
  readonly count: number;
  /** The id of each slice's case. */
  readonly cases: readonly string[];
  /** The index of each slice in its case. */
  readonly slices: readonly number[];
}

/** @throws OptionError unless the batch size is a whole number above 0 */
export function checkBatchSize(batchSize: number): void {
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new OptionError(`The option batchSize is ${batchSize}, expected a whole number above 0.`);
  }
}

/** Assembles batches, in the calling thread or another. */
export interface BatchExecutor {
  /** The number of cases that are prepared at the same time. */
  readonly concurrency: number;
  execute(task: {
    readonly kind: 'batch';
    readonly parts: readonly BatchSlice[];
    readonly augmentation: EpochAugmentation;
  }): Promise<BatchArrays>;
}

/** What {@link generateBatches} needs besides the order of an epoch. */
export interface BatchSupply {
  /** Returns a prepared case, from memory if it is there. */
  readonly load: (id: string) => Promise<PreparedCase>;
  /** Whether the cases of two groups fit into memory together. */
  readonly fit: (one: EpochGroup, other: EpochGroup) => boolean;
  readonly executor: BatchExecutor;
}

/** The number of batches that are assembled ahead of training: the next one and two more. */
const batchesAhead = 3;

/**
 * Yields the slices of the groups in batches. A batch may reach from one group into the next, so that only the last one
 * may be smaller. Every batch has arrays of its own. While one batch is trained on, the next ones are assembled; while one
 * group is trained on, the cases of the next are prepared.
 */
export async function* generateBatches(
  groups: readonly EpochGroup[],
  batchSize: number,
  augmentation: EpochAugmentation,
  supply: BatchSupply,
): AsyncGenerator<Batch & Pick<BatchArrays, 'otherImages'>, void> {
  for await (const { parts, arrays } of prefetch(
    assembleParts(groups, batchSize, augmentation, supply),
    batchesAhead,
  )) {
    yield {
      ...(await arrays),
      count: parts.length,
      cases: parts.map(({ prepared }) => prepared.id),
      slices: parts.map(({ slice }) => slice),
    };
  }
}

/** The slices of each batch, with a promise of its arrays. */
async function* assembleParts(
  groups: readonly EpochGroup[],
  batchSize: number,
  augmentation: EpochAugmentation,
  supply: BatchSupply,
): AsyncGenerator<{ parts: readonly BatchSlice[]; arrays: Promise<BatchArrays> }, void> {
  for await (const parts of collectParts(groups, batchSize, supply)) {
    const arrays = supply.executor.execute({ kind: 'batch', parts, augmentation });
    // The consumer of the batch gets the error; without a consumer it must not become an unhandled rejection.
    arrays.catch(() => undefined);
    yield { parts, arrays };
  }
}

async function* collectParts(
  groups: readonly EpochGroup[],
  batchSize: number,
  supply: BatchSupply,
): AsyncGenerator<readonly BatchSlice[], void> {
  let pending: BatchSlice[] = [];
  let loading: Promise<Map<string, PreparedCase>> | undefined;
  for (const [index, group] of groups.entries()) {
    const loaded = await (loading ?? loadGroup(group, supply));
    const next = groups[index + 1];
    loading = next && supply.fit(group, next) ? loadGroup(next, supply) : undefined;
    loading?.catch(() => undefined);
    for (const { id, slice, appearance } of group.order) {
      const { size, pixel, channels, classes, images, masks, objects, inputSlices } = loaded.get(id)!;
      const prepared = { id, size, pixel, channels, classes, images, masks, objects };
      pending.push({ prepared, slice, inputs: inputSlices(slice), appearance });
      if (pending.length === batchSize) {
        yield pending;
        pending = [];
      }
    }
  }
  if (pending.length > 0) yield pending;
}

async function loadGroup({ ids }: EpochGroup, { load, executor }: BatchSupply): Promise<Map<string, PreparedCase>> {
  const loaded = new Map<string, PreparedCase>();
  await inParallel(ids, executor.concurrency, async (id) => void loaded.set(id, await load(id)));
  return loaded;
}
