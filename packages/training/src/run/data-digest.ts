import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { DataSet } from '@interseg/data';
import { fileError, listFolder } from '@interseg/files';

/** What tells one state of a data set from another, without reading all of it. */
export interface DataDigest {
  cases: number;
  files: number;
  bytes: number;
  /**
   * Of the name, the size and the first and last 64 KiB of every file of the labelled cases, in order. The last bytes of a
   * gzip file are a checksum of all that it holds.
   */
  sha256: string;
}

const part = 64 * 1024;

/** The digest of a data set's labelled cases. @throws DataError when a file cannot be read */
export async function digestOfData({ folder, cases }: Pick<DataSet, 'folder' | 'cases'>): Promise<DataDigest> {
  const hash = createHash('sha256');
  let [files, bytes] = [0, 0];
  for (const { id, images, label } of cases) {
    hash.update(`case ${JSON.stringify(id)}\n`);
    for await (const path of filesOf([...images, ...(label === undefined ? [] : [label])])) {
      const { size, ends } = await endsOf(path);
      const name = relative(folder, path).split(sep).join('/');
      hash.update(`file ${JSON.stringify(name)} ${size}\n`).update(ends);
      files++;
      bytes += size;
    }
  }
  return { cases: cases.length, files, bytes, sha256: hash.digest('hex') };
}

/** Files as they are, and those in folders, such as a series of DICOM, with the folders in them. */
async function* filesOf(paths: readonly string[]): AsyncGenerator<string> {
  for (const path of paths) {
    if (!(await stat(path).catch(() => undefined))?.isDirectory()) {
      yield path;
      continue;
    }
    const { files, folders } = await listFolder(path, 'a folder of the data set');
    yield* filesOf([...files, ...folders].map((name) => join(path, name)));
  }
}

async function endsOf(path: string): Promise<{ size: number; ends: Uint8Array }> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const first = await file.read(Buffer.alloc(Math.min(size, part)), 0, Math.min(size, part), 0);
      const last = await file.read(
        Buffer.alloc(Math.min(size, part)),
        0,
        Math.min(size, part),
        Math.max(0, size - part),
      );
      return { size, ends: Buffer.concat([first.buffer, last.buffer]) };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(path, error, 'a file of the data set');
  }
}
