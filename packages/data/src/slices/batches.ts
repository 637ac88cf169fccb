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
): AsyncGenerator<Batch> {
  let pending: { prepared: PreparedCase; slice: number }[] = [];
  for (const group of groups) {
    const loaded = new Map<string, PreparedCase>();
    for (const id of group.ids) loaded.set(id, await load(id));
    for (const { id, slice } of group.order) {
      pending.push({ prepared: loaded.get(id)!, slice });
      if (pending.length === batchSize) {
        yield collect(pending);
        pending = [];
      }
    }
  }
  if (pending.length > 0) yield collect(pending);
}

function collect(parts: readonly { prepared: PreparedCase; slice: number }[]): Batch {
  const { size, channels, classes } = parts[0]!.prepared;
  const pixels = size[0] * size[1];
  const images = new Float32Array(parts.length * pixels * channels);
  const masks = new Float32Array(parts.length * pixels * classes);
  parts.forEach(({ prepared, slice }, index) => {
    copySlice(prepared.images, slice, images, index, pixels * channels);
    if (prepared.masks) copySlice(prepared.masks, slice, masks, index, pixels * classes);
  });
  return {
    images,
    masks,
    count: parts.length,
    cases: parts.map(({ prepared }) => prepared.id),
    slices: parts.map(({ slice }) => slice),
  };
}

function copySlice(
  from: Float32Array | Uint8Array,
  slice: number,
  to: Float32Array,
  index: number,
  length: number,
): void {
  to.set(from.subarray(slice * length, (slice + 1) * length), index * length);
}
