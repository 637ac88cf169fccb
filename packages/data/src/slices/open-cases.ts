import { OptionError } from '@interseg/errors';
import type { Case, DataSet } from '../dataset.ts';
import type { SliceCacheOptions } from './cache/disk-cache.ts';
import { MemoryCache } from './cache/memory-cache.ts';
import { inParallel } from './batches/in-parallel.ts';
import { withGeometry } from './inverse/inverse-transform.ts';
import type { PreparedCase, SliceKind } from './preparation/prepared-case.ts';
import type { CompleteSliceSettings } from './slice-settings.ts';
import { defaultWorkers, sharedExecutor, type TaskExecutor } from './workers/task-executor.ts';

/** How cases are read and kept, whatever becomes of their slices. */
export interface OpenCasesOptions {
  /**
   * The most bytes of prepared cases that are kept in memory; each thread needs memory for one more case. Defaults to
   * 2 GiB.
   */
  memoryLimit?: number;
  /**
   * The number of threads that read and prepare cases, from 0 to 64; one more assembles batches. With 0, everything
   * happens in the calling thread. The batches do not depend on it. Defaults to the number of cores minus one, from 1 to
   * 4.
   */
  workers?: number;
  /** Keeps prepared cases on disk for later runs. Defaults to no cache, because it reveals what the images show. */
  cache?: SliceCacheOptions;
  /** Called after each case that is read at the start. */
  onProgress?: (progress: { done: number; total: number; id: string }) => void;
}

/** Cases that were all read once, and are kept in memory as far as they fit. */
export interface OpenedCases {
  /** The kind of each slice of each case, in the order of the ids. */
  readonly kinds: ReadonlyMap<string, readonly SliceKind[]>;
  /** The bytes of each case. */
  readonly bytes: ReadonlyMap<string, number>;
  /** A case, from memory or prepared again. */
  readonly load: (id: string) => Promise<PreparedCase>;
  /** The most bytes of cases in memory. */
  readonly memoryLimit: number;
  readonly executor: TaskExecutor;
}

const defaultLimit = 2 * 1024 ** 3;

/**
 * Reads, checks and prepares every case once.
 *
 * @throws OptionError if an option is out of range; DataError if a case cannot be read or takes more than the memory limit
 * when prepared
 */
export async function openCases(
  { channels, modality, classes, background }: DataSet,
  cases: readonly Case[],
  settings: CompleteSliceSettings,
  { memoryLimit = defaultLimit, workers = defaultWorkers(), cache, onProgress }: OpenCasesOptions,
): Promise<OpenedCases> {
  if (!(memoryLimit > 0)) throw new OptionError(`The option memoryLimit is ${memoryLimit}, expected bytes above 0.`);
  const byId = new Map(cases.map((item) => [item.id, item]));
  const ids = [...byId.keys()];
  const executor = sharedExecutor(workers);
  const context = { channels, modality, classes, background };
  const memory = new MemoryCache(memoryLimit, async (id) => {
    const item = byId.get(id)!;
    const task = { kind: 'prepare', dataset: context, item, settings, memoryLimit, cache } as const;
    return withGeometry(await executor.execute(task), settings);
  });
  const found = new Map<string, readonly SliceKind[]>();
  const bytes = new Map<string, number>();
  await inParallel(ids, executor.concurrency, async (id) => {
    const prepared = await memory.load(id);
    found.set(id, prepared.kinds);
    bytes.set(id, prepared.bytes);
    onProgress?.({ done: bytes.size, total: ids.length, id });
  });
  return {
    // In the order of the ids, whichever case was ready first.
    kinds: new Map(ids.map((id) => [id, found.get(id)!])),
    bytes,
    load: (id) => memory.load(id),
    memoryLimit,
    executor,
  };
}

/**
 * The cases of a data set with these ids, labelled or not.
 *
 * @throws OptionError if an id is unknown or occurs twice
 */
export function casesById(dataset: DataSet, ids: readonly string[]): Case[] {
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
  return [...chosen.values()];
}
