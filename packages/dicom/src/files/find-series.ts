import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError, listFolder } from '@interseg/files';
import { isDicom, type DicomLimits } from '../parsing/parse-instance.ts';
import type { DicomSource } from '../parsing/source.ts';
import { groupSeries, type DicomFiles } from '../series/series.ts';

const expected = 'a DICOM file, or a folder of them';

/**
 * Finds the series in folders, with the folders in them, and in files. Names that start with a dot are left out.
 *
 * @param paths folders and files
 * @throws DataError if a path is missing, or as {@link groupSeries}
 */
export async function findSeries(paths: string | readonly string[], limits: DicomLimits = {}): Promise<DicomFiles> {
  const sources: DicomSource[] = [];
  for (const path of typeof paths === 'string' ? [paths] : paths) await collect(path, sources);
  return groupSeries(sources, limits);
}

async function collect(path: string, sources: DicomSource[]): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    throw fileError(path, error, expected);
  });
  if (!found.isDirectory()) {
    sources.push(pathSource(path, found.size));
    return;
  }
  const { files, folders } = await listFolder(path, expected);
  for (const name of files) await collect(join(path, name), sources);
  for (const name of folders) await collect(join(path, name), sources);
}

/** A file on disk, which is open only while a part of it is read. */
export function pathSource(path: string, size: number): DicomSource {
  return {
    name: path,
    size,
    async read(start, end) {
      try {
        const file = await open(path, 'r');
        try {
          const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
          const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
          return bytesRead === bytes.length ? bytes : bytes.subarray(0, bytesRead);
        } finally {
          await file.close();
        }
      } catch (error) {
        throw fileError(path, error, expected);
      }
    },
  };
}

/** How deep and how far {@link holdsDicom} looks. */
const deepest = 6;
const mostFiles = 20;

/**
 * Whether a path is a DICOM file, or a folder in which one lies, in itself or in the folders in it. Of each folder the
 * first 20 files are looked at.
 */
export async function holdsDicom(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return isDicom(await pathSource(path, found.size).read(0, 132));
  return (found?.isDirectory() ?? false) && folderHoldsDicom(path, deepest);
}

async function folderHoldsDicom(path: string, depth: number): Promise<boolean> {
  const { files, folders } = await listFolder(path, expected);
  for (const name of files.slice(0, mostFiles)) if (await holdsDicom(join(path, name))) return true;
  if (depth === 0) return false;
  for (const name of folders) if (await folderHoldsDicom(join(path, name), depth - 1)) return true;
  return false;
}
