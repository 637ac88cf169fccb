import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../../../../tools/build/temporary-folder.ts';
import { augmentationPresets } from '../../augmentation/settings.ts';
import { OptionError, DataError } from '@interseg/errors';
import { generatePhantoms } from '../../phantoms/generate.ts';
import { openSlices } from '../open-slices.ts';
import type { SliceSource } from '../slice-source.ts';
import { completeSliceSettings } from '../slice-settings.ts';
import { sharedExecutor } from './task-executor.ts';
import { executeTask, type PrepareTask } from './tasks.ts';
import { WorkerPool } from './worker-pool.ts';

/** The threads that the test at hand has started. */
const threads: Worker[] = [];
vi.mock('./start-worker.ts', async (original) => {
  const { startWorker } = await original<{ startWorker: () => Promise<Worker> }>();
  const start = async (): Promise<Worker> => {
    const worker = await startWorker();
    threads.push(worker);
    return worker;
  };
  return { startWorker: start };
});
beforeEach(() => void threads.splice(0));
const nextThread = (index: number): Promise<Worker> => vi.waitUntil(() => threads[index], { interval: 1 });

const folder = await temporaryFolder();
const dataset = await generatePhantoms(join(folder, 'phantoms'), {
  patients: 5,
  shape: [20, 20, 6],
  spacing: [8, 8, 20],
});
const settings = completeSliceSettings({ size: [16, 16] }, 'mr');
const ids = dataset.cases.map(({ id }) => id);
const prepare = (index: number): PrepareTask => {
  const { channels, modality, classes } = dataset;
  return {
    kind: 'prepare',
    dataset: { channels, modality, classes },
    item: dataset.cases[index]!,
    settings,
    memoryLimit: 1e9,
  };
};

describe('worker threads', () => {
  it('prepare cases as this thread does, several at once, into memory that threads share', async () => {
    const pool = new WorkerPool(2);
    const cases = await Promise.all([0, 1, 2, 3].map((index) => pool.execute(prepare(index))));
    for (const [index, prepared] of cases.entries()) {
      expect(prepared).toEqual(await executeTask(prepare(index)));
      expect(prepared.images.buffer).toBeInstanceOf(SharedArrayBuffer);
    }
  });

  it('give the batches and cases that this thread gives, in the same order, whatever the memory limit', async () => {
    const contents = async (workers: number, memoryLimit: number): Promise<unknown[]> => {
      const augmentation = augmentationPresets.full;
      const source: SliceSource = await openSlices(dataset, ids, settings, { workers, augmentation, memoryLimit });
      const all: unknown[] = [];
      for await (const batch of source.batches({ batchSize: 4, seed: 1, epoch: 2 })) all.push(batch);
      for await (const { id, images, labels, restore, masks } of source.cases()) {
        all.push(id, images, labels, restore(Float32Array.from(masks!)));
      }
      return all;
    };
    expect(await contents(2, 1e9)).toEqual(await contents(0, 1e9));
    // A case takes 6 slices × 256 pixels × 5 bytes and 2400 labels: two fit.
    expect(await contents(2, 21000)).toEqual(await contents(0, 21000));
  });

  it('send errors that name the file, as what they are', async () => {
    const pool = new WorkerPool(1);
    const broken = join(folder, 'broken.nii.gz');
    await writeFile(broken, 'no image');
    const task = { ...prepare(0), item: { ...dataset.cases[0]!, images: [broken] } };
    const error = await pool.execute(task).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toContain(broken);
    // An error of ours, as it were, gets the name of the file; the thread goes on.
    const wrong = { ...prepare(1), dataset: undefined as never };
    const [path] = dataset.cases[1]!.images;
    await expect(pool.execute(wrong)).rejects.toThrow(`${path}: Cannot read properties of undefined`);
    await expect(pool.execute({ ...prepare(2), memoryLimit: 10 })).rejects.toThrow(/expected at most 10 \(the option/);
    expect((await pool.execute(prepare(3))).id).toBe(dataset.cases[3]!.id);
  });

  it('are replaced when they die, at work or idle, and only the task that they had fails', async () => {
    const pool = new WorkerPool(1);
    const [path] = dataset.cases[0]!.images;
    const [failing, waiting] = [pool.execute(prepare(0)), pool.execute(prepare(1))];
    const first = await nextThread(0);
    await first.terminate();
    await expect(failing).rejects.toThrow(`${path}: the thread that worked on it ended (exit `);
    expect((await waiting).id).toBe(dataset.cases[1]!.id);
    await (await nextThread(1)).terminate();
    expect((await pool.execute(prepare(2))).id).toBe(dataset.cases[2]!.id);
    expect(threads).toHaveLength(3);
  });

  it('are as many as is sensible', () => {
    expect(sharedExecutor(3)).toBe(sharedExecutor(3));
    expect(() => sharedExecutor(-1)).toThrow('The option workers is -1, expected a whole number from 0 to 64.');
    expect(() => sharedExecutor(1.5)).toThrow(OptionError);
  });
});
