import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileError, listFolder } from '@interseg/files';
import type { Case } from '../../dataset.ts';
import type { CaseContext } from '../../cases/case-from-volumes.ts';
import type { CompleteSliceSettings } from '../slice-settings.ts';

/** Increase this if the same files and settings yield other slices than before, or if the format of entries changes. */
const recipeVersion = 1;

/**
 * The key of a prepared case: a digest of everything that it depends on, i.e. the contents of its files, the meaning of
 * their values, the settings, and the version of the preparation. The names of files and cases do not count, nor does the
 * context, which is put together from prepared slices.
 *
 * @throws DataError if a file cannot be read
 */
export async function entryKey(
  { channels, modality, classes, background }: CaseContext,
  { images, label }: Case,
  { context: _context, contextSpacing: _contextSpacing, ...settings }: CompleteSliceSettings,
): Promise<string> {
  const files: (string | null)[] = [];
  for (const path of images) files.push(await digest(path));
  files.push(label === undefined ? null : await digest(label));
  const values = classes.map((definition) => definition.values);
  const content = JSON.stringify([
    recipeVersion,
    files,
    channels.length,
    modality,
    values,
    background ?? [],
    sorted(settings),
  ]);
  return createHash('sha256').update(content).digest('hex');
}

/** The digests that this process has computed, by the path, size and time of a file. */
const known = new Map<string, string>();

async function digest(path: string): Promise<string> {
  try {
    const status = await stat(path, { bigint: true });
    if (status.isDirectory()) return await folderDigest(path);
    const { dev, ino, size, mtimeNs } = status;
    const version = `${path} ${dev} ${ino} ${size} ${mtimeNs}`;
    let digest = known.get(version);
    if (digest === undefined) {
      const hash = createHash('sha256');
      await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
      digest = hash.digest('hex');
      known.set(version, digest);
    }
    return digest;
  } catch (error) {
    throw fileError(path, error, 'a NIfTI file');
  }
}

/** The digest of the files in a folder, and in the folders in it. */
async function folderDigest(path: string): Promise<string> {
  const { files, folders } = await listFolder(path, 'a folder of images');
  const digests: string[] = [];
  for (const name of [...files, ...folders]) digests.push(await digest(join(path, name)));
  return createHash('sha256').update(digests.join(' ')).digest('hex');
}

/** Sorts the fields of settings by name, so that their order does not count. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, part]) => [name, sorted(part)]);
}
