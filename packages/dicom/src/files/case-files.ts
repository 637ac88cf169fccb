import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DataError } from '@interseg/errors';
import { fileError, listFolder } from '@interseg/files';
import type { DicomInstance } from '../parsing/instance.ts';
import { parseInstance, type DicomLimits } from '../parsing/parse-instance.ts';
import { text } from '../parsing/values.ts';
import { readSegmentation } from '../segmentation/read-segmentation.ts';
import type { Affine } from '../series/geometry.ts';
import { readSeries } from '../series/read-series-node.ts';
import { seriesGeometry } from '../series/read-series.ts';
import { segmentationClass, type DicomFiles, type DicomSeries } from '../series/series.ts';
import { chooseSeries } from '../series/choose-series.ts';
import { findSeries, pathSource } from './find-series.ts';

/** Segmentation Storage and Label Map Segmentation Storage. */
const segmentationClasses = [segmentationClass, '1.2.840.10008.5.1.4.1.1.66.7'];
const expected = 'a folder with a series of DICOM images, or a DICOM SEG';

/** A volume of a case: an image, or the labels on its grid. */
export interface CaseFile {
  readonly data: Int16Array | Uint16Array | Uint8Array | Float32Array | Float64Array;
  readonly shape: [number, number, number];
  /** Maps (column, row, slice) to RAS+ millimetres. */
  readonly affine: Affine;
}

/**
 * Reads what belongs to a case: the series in a folder or, from a DICOM SEG, the numbers of the segments on the grid of
 * the series that it refers to, which lies in the same folder or the one above. If a folder has several series, it is the
 * one to which a DICOM SEG in it refers.
 *
 * @throws DataError if it is neither; the series or the SEG cannot be read, or is not the only one; or segments overlap
 */
export async function readCaseFile(path: string, limits: DicomLimits = {}): Promise<CaseFile> {
  const found = await stat(path).catch((error: unknown) => {
    throw fileError(path, error, expected);
  });
  if (!found.isDirectory()) return readLabels(path, found.size, limits);
  const { data, shape, affine } = await readSeries(referenced(await findSeries(path, limits), path), limits);
  return { data, shape, affine };
}

/** The only series, or that of the segmentations beside several. */
function referenced(files: DicomFiles, path: string): DicomSeries {
  const uids = new Set(
    files.leftOut.flatMap(({ instance }) => (isSegmentation(instance) ? referencesOf(instance!) : [])),
  );
  const series = files.series.filter(({ uid }) => uids.has(uid));
  return series.length === 1 ? series[0]! : chooseSeries(files, [], path)[0]!;
}

async function readLabels(path: string, size: number, limits: DicomLimits): Promise<CaseFile> {
  const source = pathSource(path, size);
  const instance = await parseInstance(source, limits);
  if (!isSegmentation(instance)) {
    throw new DataError(`${path}: found an object that is no segmentation, expected ${expected}.`);
  }
  const series = await seriesBeside(path, referencesOf(instance), limits);
  const { labels, shape, affine, overlaps } = await readSegmentation(source, {
    ...limits,
    series: seriesGeometry(series),
  });
  const [overlap] = overlaps;
  if (overlap) {
    throw new DataError(
      `${path}: found ${overlap.voxels} voxels in both segments ${overlap.segments.join(' and ')}, ` +
        'expected segments that do not overlap.',
    );
  }
  return { data: labels, shape, affine };
}

/** The series to which a segmentation refers, in its folder or in the one above. */
async function seriesBeside(path: string, uids: readonly string[], limits: DicomLimits): Promise<DicomSeries> {
  const folder = dirname(path);
  for (const place of [folder, dirname(folder)]) {
    const series = (await findSeries(place, limits)).series.find(({ uid }) => uids.includes(uid));
    if (series) return series;
  }
  throw new DataError(`${path}: found no series that it refers to in ${folder}, expected that of its images.`);
}

/** The UIDs of the series to which a segmentation refers. */
function referencesOf({ dataSet }: DicomInstance): string[] {
  const items = dataSet.elements['x00081115']?.items ?? [];
  return items.flatMap((item) => (item.dataSet && text(item.dataSet, 'x0020000e')) ?? []);
}

function isSegmentation(instance: DicomInstance | undefined): boolean {
  return instance !== undefined && segmentationClasses.includes(instance.sopClass);
}

/** A segmentation of a case, with whose it is. */
export interface CaseSegmentation {
  readonly path: string;
  /** Its segments, by number. */
  readonly segments: readonly { readonly number: number; readonly label: string }[];
}

/**
 * Finds the DICOM SEG of a case: among the files in its folder and the folders in it. Files with `seg` in their names are
 * looked at first, as headers of others need not be read then.
 *
 * @returns undefined if there is none
 * @throws DataError if there are several
 */
export async function findCaseSegmentation(folder: string): Promise<CaseSegmentation | undefined> {
  const { files, folders } = await listFolder(folder, expected);
  const inside = await Promise.all(
    folders.map(async (name) => (await listFolder(join(folder, name), expected)).files.map((file) => join(name, file))),
  );
  const all = [...files, ...inside.flat()].filter((name) => !/\.nii(\.gz)?$/i.test(name));
  const likely = all.filter((name) => /seg/i.test(name));
  for (const names of [likely, all]) {
    const { leftOut } = await findSeries(names.map((name) => join(folder, name)));
    const found = leftOut.flatMap(({ instance }) => (isSegmentation(instance) ? instance! : []));
    if (found.length > 1) {
      throw new DataError(
        `${folder}: found the segmentations ${found.map(({ name }) => name).join(' and ')}, expected one for a case.`,
      );
    }
    if (found.length === 1) return { path: found[0]!.name, segments: segmentsOf(found[0]!) };
  }
  return undefined;
}

function segmentsOf({ dataSet, name }: DicomInstance): CaseSegmentation['segments'] {
  return (dataSet.elements['x00620002']?.items ?? []).map(({ dataSet: item }) => {
    const number = item?.uint16('x00620004');
    const label = item && text(item, 'x00620005');
    if (number === undefined || label === undefined) {
      throw new DataError(`${name}: found a segment without number or label, expected both for each.`);
    }
    return { number, label };
  });
}
