import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '@interseg/files';
import type { Case } from '../../dataset.ts';
import type { CaseContext } from '../../cases/case-from-volumes.ts';
import type { PreparedArrays } from '../preparation/prepared-case.ts';
import type { CompleteSliceSettings } from '../slice-settings.ts';
import { readEntry, writeEntry } from './entry-file.ts';
import { entryKey } from './entry-key.ts';

/** Where prepared cases are kept on disk, for later runs. */
export interface SliceCacheOptions {
  /** A folder for the cache alone. If it is missing, it is created with access for its owner only. */
  readonly folder: string;
  /** The most bytes of all entries together; the least recently used ones are removed first. Defaults to 20 GiB. */
  readonly limit?: number;
}

const defaultLimit = 20 * 2 ** 30;
const entryExtension = '.slices';
/** A temporary file that is older than any write takes was left by a crash. */
const staleAfterMilliseconds = 24 * 3600 * 1000;

/**
 * Returns a case from the cache, or prepares it and adds it to the cache. Keys are made from the contents of files and the
 * settings, so that a changed file is never served from the cache; a damaged entry is prepared again. Several processes
 * may share the folder.
 *
 * @throws DataError if a file of the case cannot be read, or the folder cannot be written to
 */
export async function throughCache(
  { folder, limit = defaultLimit }: SliceCacheOptions,
  { dataset, item, settings }: { dataset: CaseContext; item: Case; settings: CompleteSliceSettings },
  prepare: () => Promise<PreparedArrays>,
): Promise<PreparedArrays> {
  const path = join(folder, `${await entryKey(dataset, item, settings)}${entryExtension}`);
  const found = await readEntry(path).catch(() => undefined);
  if (found) {
    const now = new Date();
    // Another process may have removed it meanwhile.
    await utimes(path, now, now).catch(() => undefined);
    // Other files may have the same contents.
    return { ...found, id: item.id, source: { ...found.source, path: item.images[0] ?? item.id } };
  }
  const prepared = await prepare();
  if (prepared.bytes > limit) return prepared;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw fileError(folder, error, 'a folder for the cache');
  }
  await writeEntry(path, prepared);
  await makeRoom(folder, limit);
  return prepared;
}

/** Removes the least recently used entries until the others are within the limit, and what crashes left behind. */
async function makeRoom(folder: string, limit: number): Promise<void> {
  const files: { path: string; size: number; used: number }[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const status = await stat(path).catch(() => undefined);
    if (!status) continue;
    if (name.endsWith(entryExtension)) {
      files.push({ path, size: status.size, used: status.mtimeMs });
    } else if (isHalfWritten(name) && Date.now() - status.mtimeMs > staleAfterMilliseconds) {
      await rm(path, { force: true });
    }
  }
  files.sort((a, b) => a.used - b.used);
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files) {
    if (total <= limit) return;
    // On systems where a file that is being read cannot be removed, it stays until the next time.
    await rm(path, { force: true }).catch(() => undefined);
    total -= size;
  }
}

function isHalfWritten(name: string): boolean {
  return name.startsWith('.') && name.includes(entryExtension) && name.endsWith('.tmp');
}
