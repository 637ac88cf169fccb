import { assembleBatch, type BatchSlice, type EpochAugmentation } from './assemble-batch.ts';
import type { EpochGroup } from './epoch-order.ts';
import type { PreparedCase } from './prepare-case.ts';

/** Slices that are trained on together. */
export interface Batch {
  /** [N, H, W, C], row-major. */
  readonly images: Float32Array;
  /** [N, H, W, K], row-major, 0 or 1. */
  readonly masks: Float32Array;
  /** N. */
  readonly count: number;
  /** The id of each slice's case. */
  readonly cases: readonly string[];
  /** The number of each slice in its case. */
  readonly slices: readonly number[];
}

/**
 * Goes through the groups and yields batches, which may reach from one group into the next: only the very last one may
 * be smaller. Every batch has arrays of its own.
 */
export async function* batchesOf(
  groups: readonly EpochGroup[],
  load: (id: string) => Promise<PreparedCase>,
  batchSize: number,
  augmentation: EpochAugmentation,
): AsyncGenerator<Batch> {
  let pending: BatchSlice[] = [];
  for (const group of groups) {
    const loaded = new Map<string, PreparedCase>();
    for (const id of group.ids) loaded.set(id, await load(id));
    for (const { id, slice, appearance } of group.order) {
      pending.push({ prepared: loaded.get(id)!, slice, appearance });
      if (pending.length === batchSize) {
        yield batchOf(pending, augmentation);
        pending = [];
      }
    }
  }
  if (pending.length > 0) yield batchOf(pending, augmentation);
}

function batchOf(parts: readonly BatchSlice[], augmentation: EpochAugmentation): Batch {
  return {
    ...assembleBatch(parts, augmentation),
    count: parts.length,
    cases: parts.map(({ prepared }) => prepared.id),
    slices: parts.map(({ slice }) => slice),
  };
}
