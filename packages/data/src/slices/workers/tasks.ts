import { throughCache, type SliceCacheOptions } from '../cache/disk-cache.ts';
import { DataError } from '@interseg/errors';
import type { Case } from '../../dataset.ts';
import type { CaseContext } from '../../cases/case-from-volumes.ts';
import { readCase } from '../../cases/read-case.ts';
import { assembleBatch, type BatchArrays, type BatchSlice, type EpochAugmentation } from '../batches/assemble-batch.ts';
import { prepareArrays, preparedBytes } from '../preparation/prepare-case.ts';
import type { PreparedArrays } from '../preparation/prepared-case.ts';
import type { CompleteSliceSettings } from '../slice-settings.ts';

/** Reads a case and prepares it. */
export interface PrepareTask {
  readonly kind: 'prepare';
  readonly dataset: CaseContext;
  readonly item: Case;
  readonly settings: CompleteSliceSettings;
  /** The most bytes that the prepared case may take. */
  readonly memoryLimit: number;
  /** The cache on disk, if there is one. */
  readonly cache?: SliceCacheOptions;
}

/** Assembles a batch of augmented slices. */
export interface BatchTask {
  readonly kind: 'batch';
  readonly parts: readonly BatchSlice[];
  readonly augmentation: EpochAugmentation;
}

export type Task = PrepareTask | BatchTask;
/** The result of a task. */
export type Result<T extends Task> = T extends PrepareTask ? PreparedArrays : BatchArrays;

/** Executes a task in the calling thread. @throws DataError if a case cannot be read, naming the file */
export async function executeTask<T extends Task>(task: T): Promise<Result<T>>;
export async function executeTask(task: Task): Promise<PreparedArrays | BatchArrays> {
  if (task.kind === 'batch') return assembleBatch(task.parts, task.augmentation);
  const prepared = task.cache
    ? await throughCache(task.cache, task, () => prepareFiles(task))
    : await prepareFiles(task);
  checkSize(prepared.bytes, task);
  return prepared;
}

async function prepareFiles(task: PrepareTask): Promise<PreparedArrays> {
  const { dataset, item, settings } = task;
  const volume = await readCase(dataset, item);
  checkSize(preparedBytes(volume, dataset.classes, settings), task);
  return prepareArrays(volume, dataset.classes, settings);
}

function checkSize(bytes: number, { item, memoryLimit }: PrepareTask): void {
  if (bytes <= memoryLimit) return;
  throw new DataError(
    `${item.images[0]}: found ${bytes} bytes when prepared, expected at most ${memoryLimit} (the option memoryLimit).`,
  );
}

/** The files of a case, or the cases of a batch, for errors that do not name them. */
export function describeSubject(task: Task): string {
  if (task.kind === 'prepare') return task.item.images.join(', ');
  return [...new Set(task.parts.map(({ prepared }) => prepared.id))].join(', ');
}

/** The buffers of a result that can be transferred instead of copied. Shared memory needs neither. */
export function transferable(result: PreparedArrays | BatchArrays): ArrayBuffer[] {
  const arrays = 'kinds' in result ? [result.labels] : [result.images, result.masks, result.otherImages];
  return arrays.flatMap((array) => (array?.buffer instanceof ArrayBuffer ? [array.buffer] : []));
}
