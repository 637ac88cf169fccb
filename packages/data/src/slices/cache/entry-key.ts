import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { fileError } from '@interseg/files';
import type { Case } from '../../layouts/dataset.ts';
import type { CaseContext } from '../../cases/case-from-volumes.ts';
import type { CompleteSliceSettings } from '../slice-settings.ts';

/** To be raised whenever the same files and settings give other slices than before, or entries look different. */
const recipeVersion = 1;

/**
 * What a prepared case depends on, as one name: the contents of its files, what their values mean, the settings, and how this
 * version prepares. The names of files and cases do not count.
 *
 * @throws DataError when a file cannot be read
 */
export async function entryKey(
  { channels, modality, classes, background }: CaseContext,
  { images, label }: Case,
  settings: CompleteSliceSettings,
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

/** Digests of this process, by what would change with a file. */
const known = new Map<string, string>();

async function digest(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
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

/** The same settings in one order of names, whichever order they were given in. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, part]) => [name, sorted(part)]);
}
