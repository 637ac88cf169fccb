import { copyFile, readdir, readFile, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../../tools/build/temporary-folder.ts';
import type { Case } from '../../dataset.ts';
import { readCase } from '../../cases/read-case.ts';
import { generatePhantoms } from '../../phantoms/generate.ts';
import { openSlices } from '../open-slices.ts';
import { prepareArrays } from '../preparation/prepare-case.ts';
import type { PreparedArrays } from '../preparation/prepared-case.ts';
import { completeSliceSettings } from '../slice-settings.ts';
import { WorkerPool } from '../workers/worker-pool.ts';
import { throughCache } from './disk-cache.ts';

const root = await temporaryFolder();
const dataset = await generatePhantoms(join(root, 'phantoms'), {
  patients: 3,
  shape: [20, 20, 6],
  spacing: [8, 8, 20],
});
const settings = completeSliceSettings({ size: [16, 16] }, 'mr');
const [first, second, third] = dataset.cases as [Case, Case, Case];

let folder: string;
let count = 0;
let prepared: string[];
beforeEach(() => {
  folder = join(root, `cache-${count++}`);
  prepared = [];
});

/** The case through the cache; `prepared` notes when it had to be prepared. */
function load(item: Case, changed: Partial<typeof settings> = {}, limit?: number): Promise<PreparedArrays> {
  const all = { ...settings, ...changed };
  return throughCache({ folder, limit }, { dataset, item, settings: all }, async () => {
    prepared.push(item.id);
    return prepareArrays(await readCase(dataset, item), dataset.classes, all);
  });
}
const entries = async (): Promise<string[]> => (await readdir(folder)).map((name) => join(folder, name)).sort();

describe('the cache of slices', () => {
  it('gives back every byte of what was prepared, prepared once', async () => {
    const fresh = await load(first);
    const kept = await load(first);
    expect(kept).toEqual(fresh);
    expect(kept.images.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(prepared).toEqual([first.id]);
    const unlabelled = { ...first, label: undefined };
    expect(await load(unlabelled)).toEqual(await load(unlabelled));
    expect((await load(unlabelled)).masks).toBeUndefined();
    expect(prepared).toEqual([first.id, first.id]);
    // The objects of patches, too, in memory that threads share.
    const patches = await load(first, { resizing: 'patch' });
    const again = await load(first, { resizing: 'patch' });
    expect(again).toEqual(patches);
    expect(again.objects!.runs.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(prepared).toHaveLength(3);
  });

  it('goes by contents and settings, not by names', async () => {
    await load(first);
    const copy = join(root, `copy-${count}.nii.gz`);
    await copyFile(first.images[0]!, copy);
    const renamed = await load({ ...first, id: 'renamed', images: [copy] });
    expect([renamed.id, renamed.source.path, prepared.length]).toEqual(['renamed', copy, 1]);
    // The file changes under its name.
    await copyFile(second.images[0]!, copy);
    expect((await load({ ...first, images: [copy] })).images).not.toEqual(renamed.images);
    await load(first, { normalization: { kind: 'zscore' } });
    await load(first, { plane: 'coronal' });
    await load({ ...first, label: second.label });
    expect(prepared).toHaveLength(5);
    // The context is put together from what the cache has.
    expect((await load(first, { context: 2, contextSpacing: 5 })).channels).toBe(1);
    expect(prepared).toHaveLength(5);
    // The same settings in another order are the same.
    await load(first, { normalization: { upper: 99.5, lower: 0.5, kind: 'percentiles' } });
    expect(prepared).toHaveLength(5);
  });

  it('makes anew what is cut, changed or no entry', async () => {
    const fresh = await load(first);
    const [path] = (await entries()) as [string];
    const whole = await readFile(path);
    const damages = [
      () => truncate(path, whole.length - 1),
      () => truncate(path, 0),
      () => truncate(path, 10),
      () => writeFile(path, Buffer.concat([whole, Buffer.of(0)])),
      () =>
        writeFile(
          path,
          whole.map((byte, at) => (at === whole.length >> 1 ? byte ^ 1 : byte)),
        ),
      () =>
        writeFile(
          path,
          whole.map((byte, at) => (at === 40 ? byte ^ 255 : byte)),
        ),
      () => writeFile(path, 'not an entry, but longer than the head of one'),
    ];
    for (const [index, damage] of damages.entries()) {
      await damage();
      expect(await load(first)).toEqual(fresh);
      expect(prepared).toHaveLength(2 + index);
      expect(await readFile(path)).toEqual(whole);
    }
  });

  it('stays within its limit: what was unused for longest leaves, and what a crash has left', async () => {
    await load(first);
    const [path] = (await entries()) as [string];
    const { size } = await stat(path);
    const stale = join(folder, `.${'a'.repeat(64)}.slices.0123456789ab.tmp`);
    const fresh = join(folder, `.${'b'.repeat(64)}.slices.0123456789ab.tmp`);
    for (const name of [stale, fresh, join(folder, 'notes.txt')]) await writeFile(name, 'x');
    await utimes(stale, 1, 1);
    await load(second);
    // The first is older now, but then used again.
    for (const [index, name] of (await entries()).filter((one) => one.endsWith('.slices')).entries()) {
      await utimes(name, 1000 + index, 1000 + index);
    }
    await load(first);
    const limit = Math.ceil(2.5 * size);
    await load(third, {}, limit);
    expect((await entries()).filter((name) => name.endsWith('.slices'))).toHaveLength(2);
    expect(await entries()).not.toContain(stale);
    expect(await entries()).toEqual(expect.arrayContaining([fresh, join(folder, 'notes.txt')]));
    expect(prepared).toHaveLength(3);
    await load(first, {}, limit);
    await load(third, {}, limit);
    expect(prepared).toHaveLength(3);
    await load(second, {}, limit);
    expect(prepared).toHaveLength(4);
    // What is larger than the limit is not kept at all.
    await load(first, { plane: 'sagittal' }, 10);
    expect((await entries()).filter((name) => name.endsWith('.slices'))).toHaveLength(2);
  });

  it('serves several threads at once, which may have to make the same entry', async () => {
    const pools = [new WorkerPool(2), new WorkerPool(2)];
    const { channels, modality, classes } = dataset;
    const context = { channels, modality, classes };
    const expected = await Promise.all(dataset.cases.map((item) => load(item)));
    folder = `${folder}-shared`;
    for (let round = 0; round < 3; round++) {
      const results = await Promise.all(
        pools.flatMap((pool) =>
          dataset.cases.map((item) => {
            // A limit of two entries, so that entries leave while others read.
            const cache = { folder, limit: round === 0 ? undefined : 25000 };
            return pool.execute({ kind: 'prepare', dataset: context, item, settings, memoryLimit: 1e9, cache });
          }),
        ),
      );
      expect(results).toEqual([...expected, ...expected]);
    }
    expect((await readdir(folder)).every((name) => name.endsWith('.slices'))).toBe(true);
  });

  it('is used by openSlices, and refuses a folder that cannot be one', async () => {
    const ids = dataset.cases.map(({ id }) => id);
    await openSlices(dataset, ids, settings, { cache: { folder } });
    expect(await entries()).toHaveLength(3);
    const file = join(root, 'file');
    await writeFile(file, '');
    const opening = openSlices(dataset, ids, settings, { cache: { folder: join(file, 'cache') } });
    await expect(opening).rejects.toThrow(/cache: .*expected a folder for the cache\.$/);
  });
});
