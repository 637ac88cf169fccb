import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@interseg/errors';
import { fileError, listFolder } from '@interseg/files';
import { isDicom, type DicomLimits } from '../parsing/parse-instance.ts';
import type { DicomSource } from '../parsing/source.ts';
import { isZip, zipSources } from './zip-sources.ts';
import { groupSeries, type DicomFiles } from '../series/series.ts';

const expected = 'a DICOM file, a folder or a zip archive of them';

/**
 * Finds the series in folders, with the folders in them, in zip archives and in files. Names that start with a dot are left
 * out.
 *
 * @param paths folders, archives and files
 * @throws DataError if a path is missing, or as {@link groupSeries}
 */
export async function findSeries(paths: string | readonly string[], limits: DicomLimits = {}): Promise<DicomFiles> {
  const sources: DicomSource[] = [];
  for (const path of typeof paths === 'string' ? [paths] : paths) await collect(path, sources, limits);
  return groupSeries(sources, limits);
}

async function collect(path: string, sources: DicomSource[], limits: DicomLimits): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    throw fileError(path, error, expected);
  });
  if (!found.isDirectory()) {
    const source = pathSource(path, found.size);
    if (/\.zip$/i.test(path) && isZip(await source.read(0, 4))) {
      sources.push(...(await openArchive(path, found.size, limits)));
    } else {
      sources.push(source);
    }
    return;
  }
  const { files, folders } = await listFolder(path, expected);
  for (const name of files) await collect(join(path, name), sources, limits);
  for (const name of folders) await collect(join(path, name), sources, limits);
}

/** The most bytes that Node reads at once. */
const largestArchive = 2 ** 31 - 1;

/** An archive is held in memory, as it is. */
async function openArchive(path: string, size: number, limits?: DicomLimits): Promise<DicomSource[]> {
  if (size > largestArchive) {
    throw new DataError(`${path}: found an archive of ${size} bytes, expected at most ${largestArchive}.`);
  }
  const content = await readFile(path).catch((error: unknown) => {
    throw fileError(path, error, expected);
  });
  return zipSources(new Blob([content]), path, limits);
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
 * Whether a path is a DICOM file, or a folder or zip archive in which one lies, in itself or in the folders in it. Of each
 * folder or archive the first 20 files are looked at.
 */
export async function holdsDicom(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) {
    const source = pathSource(path, found.size);
    const start = await source.read(0, 132);
    if (!isZip(start) || !/\.zip$/i.test(path)) return isDicom(start);
    const inside = (await openArchive(path, found.size)).slice(0, mostFiles);
    for (const one of inside) if (isDicom(await one.read(0, 132).catch(() => new Uint8Array(0)))) return true;
    return false;
  }
  return (found?.isDirectory() ?? false) && folderHoldsDicom(path, deepest);
}

async function folderHoldsDicom(path: string, depth: number): Promise<boolean> {
  const { files, folders } = await listFolder(path, expected);
  for (const name of files.slice(0, mostFiles)) if (await holdsDicom(join(path, name))) return true;
  if (depth === 0) return false;
  for (const name of folders) if (await folderHoldsDicom(join(path, name), depth - 1)) return true;
  return false;
}
