import { DataError } from '@interseg/errors';
import { z } from 'zod';
import { weightsName } from './model-file.ts';

/** What a model's files must be: the content of an `index.json` beside them. */
export interface ModelIndex {
  /** A name for people. */
  readonly name?: string;
  readonly files: Readonly<Record<string, FileIdentity>>;
}

/** How a file is recognised. */
export interface FileIdentity {
  readonly bytes: number;
  /** SHA-256 of its content, in 64 hexadecimal digits. */
  readonly sha256: string;
}

const identity = z.looseObject({ bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/i) });

const modelIndex = z.looseObject({
  name: z.string().max(200).optional(),
  files: z.looseObject({ 'model.json': identity, [weightsName]: identity }),
});

/** @throws DataError when the text is not that of such an index */
export function parseModelIndex(text: string, path: string): ModelIndex {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new DataError(`${path}: found broken JSON, expected the sizes and digests of a model's files.`, {
      cause: error,
    });
  }
  const { data, error } = modelIndex.safeParse(json);
  if (data) return data as ModelIndex;
  const place = error.issues[0]?.path.join('.') || 'content';
  throw new DataError(
    `${path}: found ${place} that is not as expected: the bytes and sha256 of model.json and of ${weightsName}.`,
  );
}

/**
 * Checks that a file has the size and the digest that an index lists. Where there is no Web Crypto, as in a page that came
 * over plain HTTP, only the size is checked.
 *
 * @param path what errors call the file
 * @throws DataError when it differs
 */
export async function checkIdentity(
  content: Uint8Array<ArrayBuffer>,
  { bytes, sha256 }: FileIdentity,
  path: string,
): Promise<void> {
  const refuse = (found: string, expected: string): DataError =>
    new DataError(`${path}: found ${found}, expected ${expected}: what index.json lists.`);
  if (content.length !== bytes) throw refuse(`${content.length} bytes`, `${bytes}`);
  if ((globalThis.crypto as Partial<typeof globalThis.crypto> | undefined)?.subtle === undefined) return;
  const found = await digest(content);
  if (found !== sha256.toLowerCase()) throw refuse(`the digest ${found.slice(0, 12)}…`, `${sha256.slice(0, 12)}…`);
}

/**
 * The index of a model's files, to be written beside them as `index.json`.
 *
 * @param files `model.json` and `weights.bin`, by name
 * @param name for people
 */
export async function createModelIndex(
  files: Readonly<Record<'model.json' | 'weights.bin', Uint8Array>>,
  name?: string,
): Promise<ModelIndex> {
  const entries = Object.entries(files).map(async ([file, content]) => {
    const identity: FileIdentity = { bytes: content.length, sha256: await digest(new Uint8Array(content)) };
    return [file, identity] as const;
  });
  return { name, files: Object.fromEntries(await Promise.all(entries)) };
}

async function digest(content: Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', content));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
