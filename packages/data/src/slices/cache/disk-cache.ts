import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '@interseg/files';
import type { Case } from '../../layouts/dataset.ts';
import type { CaseContext } from '../../cases/case-from-volumes.ts';
import type { PreparedArrays } from '../preparation/prepared-case.ts';
import type { CompleteSliceSettings } from '../slice-settings.ts';
import { readEntry, writeEntry } from './entry-file.ts';
import { entryKey } from './entry-key.ts';

/** Where prepared cases are kept from one run to the next. */
export interface SliceCacheOptions {
  /** A folder for nothing else; made if it is missing, for its owner alone. */
  readonly folder: string;
  /** Bytes that entries may take together; those that were unused for longest leave. 20 GiB unless told. */
  readonly limit?: number;
}

const defaultLimit = 20 * 2 ** 30;
const entryExtension = '.slices';
/** What a crash left half-written is older than any write takes. */
const staleAfterMilliseconds = 24 * 3600 * 1000;

/**
 * The case from the cache, or prepared and put there. Entries are keyed by the contents of files and by settings, so that an
 * old one is never taken for a changed file; one that is damaged is made anew. Several processes may use one folder.
 *
 * @throws DataError when a file of the case cannot be read, or the folder cannot be written to
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
    // Another process may have made room in the meantime.
    await utimes(path, now, now).catch(() => undefined);
    // The same contents can be there under other names.
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

/** Removes the entries that were unused for longest until the others are within the limit, and what crashes have left. */
async function makeRoom(folder: string, limit: number): Promise<void> {
  const files: { path: string; size: number; used: number }[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const status = await stat(path).catch(() => undefined);
    if (!status) continue;
    if (name.endsWith(entryExtension)) files.push({ path, size: status.size, used: status.mtimeMs });
    else if (isHalfWritten(name) && Date.now() - status.mtimeMs > staleAfterMilliseconds)
      await rm(path, { force: true });
  }
  files.sort((a, b) => a.used - b.used);
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files) {
    if (total <= limit) return;
    // Where a file that is being read cannot be removed, it stays until the next time.
    await rm(path, { force: true }).catch(() => undefined);
    total -= size;
  }
}

function isHalfWritten(name: string): boolean {
  return name.startsWith('.') && name.includes(entryExtension) && name.endsWith('.tmp');
}
